// instrumentation.ts of a Next.js application: Next calls both functions by their names.

export async function register(): Promise<void> {
  // The edge runtime has neither files nor sockets.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { init } = await import('otel-setup');
  init();
}

export async function onRequestError(
  error: unknown,
  request: { readonly path: string; readonly method: string },
  context: { readonly routePath: string; readonly routeType: string },
): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { init } = await import('otel-setup');
  init().logger.error('request failed', {
    error,
    method: request.method,
    path: request.path,
    route: context.routePath,
    kind: context.routeType,
  });
}
