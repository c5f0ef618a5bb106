// Every variable of ours and of OpenTelemetry that is read, as data: the table of docs/variables.md is made of it.

import { otelVariables } from './otel-variables.ts';
import { ownVariables } from './own-variables.ts';
import type { Variable } from './variable.ts';

export const variables: readonly Variable[] = [...ownVariables, ...otelVariables];

export const variableNames: readonly string[] = variables.flatMap((variable) => variable.names);
