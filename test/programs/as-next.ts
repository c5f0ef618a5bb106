// Calls what Next.js calls in an application's instrumentation.ts.

import { onRequestError, register } from '../../docs/frameworks/instrumentation.ts';

await register();
await onRequestError(
  new RangeError('no order has this number'),
  { path: '/orders/13', method: 'GET' },
  { routePath: '/orders/[id]', routeType: 'render' },
);
