// A program that imports pino, and knows nothing of OpenTelemetry.

import { pino } from 'pino';

pino().info({ orderId: 7 }, 'order placed');
