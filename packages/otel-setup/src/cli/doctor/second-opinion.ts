// The upstream exporter, asked about a record of ours that was refused: is it the way, or is it us?

import { resourceFromAttributes } from '@opentelemetry/resources';
import { cleanWords } from '../../deliver/words.ts';
import { createExporter } from '../../reference.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, wrong } from './finding.ts';
import type { TestRecord } from './test-record.ts';
import { within } from './within.ts';

type Result = { readonly code: number; readonly error?: Error | undefined };

export async function askSecondOpinion(
  { record, resource, scope }: TestRecord,
  examination: RouteExamination,
): Promise<Finding> {
  const { config, endpoint, secrets, stepMs, world } = examination;
  const exporter = createExporter({ ...config, timeoutMs: stepMs }, endpoint);
  const readable = {
    ...record,
    resource: resourceFromAttributes(resource as Parameters<typeof resourceFromAttributes>[0]),
    instrumentationScope: scope,
    spanContext: undefined,
  };
  const result = await within(
    world.clock,
    stepMs,
    () =>
      new Promise<Result>((resolve) => {
        exporter.export([readable as never], resolve);
      }),
  );
  await within(world.clock, stepMs, () => exporter.shutdown());
  if (result === 'late') return skipped('second-opinion', 'The upstream exporter got no answer.');
  if (result.code === 0) {
    return wrong('second-opinion', {
      code: 'OTEL_SETUP_SECOND_OPINION',
      message: "OpenTelemetry's own exporter got the same record through as JSON.",
      fix: 'Please report this with the lines above. Until it is mended the upstream parts can be used instead, with their promises only.',
      paste: ['OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json'],
    });
  }
  const words = cleanWords(result.error?.message ?? 'no reason given', secrets);
  return good('second-opinion', `OpenTelemetry's own exporter is refused as well (${words}).`);
}
