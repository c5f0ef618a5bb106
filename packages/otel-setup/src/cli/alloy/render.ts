// A whole configuration for Alloy: receive, redact, the rules in their order, send.

import type { Rule } from '../../record/processing/rules.ts';
import { type Component, componentsOf, transform } from './components.ts';
import { redactionStatements } from './redaction.ts';

export interface Rendered {
  readonly text: string;
  /** What Alloy cannot do, each a sentence. */
  readonly warnings: readonly string[];
}

interface Step {
  readonly comment: string;
  readonly components: readonly Component[];
}

export function renderAlloy(rules: readonly Rule[], isRedacting: boolean): Rendered {
  const steps = [...(isRedacting ? [redaction()] : []), ...rules.map(stepOf)];
  const warnings = rules.flatMap(({ action, name }) =>
    action.type === 'limit' ? [warningOf(name)] : [],
  );
  const components = steps.flatMap((step) => step.components);
  const inputs = [...components.map(inputOf), exporterInput];
  let at = 0;
  const body = steps.map(({ comment, components: own }) =>
    [
      `// ${comment}`,
      own.map((component) => block(component, inputs[++at] ?? exporterInput)).join('\n\n'),
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
  const text = [header, receiver(inputs[0] ?? exporterInput), ...body, exporter].join('\n\n');
  return { text: `${text}\n`, warnings };
}

function redaction(): Step {
  return {
    comment:
      'Redaction of what otel-setup redacts in the process, for senders that do not. Keys by name only; a secret that only its words give away (`password=x` in a text) stays.',
    components: [transform('redaction', redactionStatements())],
  };
}

function stepOf(rule: Rule, at: number): Step {
  const { action, name } = rule;
  const components = componentsOf(rule, `rule_${at + 1}`);
  const comment =
    action.type === 'limit' ? warningOf(name) : `Rule ${JSON.stringify(name)}: ${action.type}.`;
  return { comment, components };
}

function warningOf(name: string): string {
  return `Rule ${JSON.stringify(name)} is left out: Alloy has no processor that limits by rate. Keep it in LOG_PROCESSING.`;
}

function inputOf({ kind, label }: Component): string {
  return `${kind}.${label}.input`;
}

function block({ kind, label, lines }: Component, next: string): string {
  const indented = lines.map((line) => (line === '' ? '' : `\t${line}`));
  return [
    `${kind} "${label}" {`,
    ...indented,
    '',
    '\toutput {',
    `\t\tlogs = [${next}]`,
    '\t}',
    '}',
  ].join('\n');
}

const exporterInput = 'otelcol.exporter.otlphttp.grafana.input';

const header = `// Processing rules as an Alloy configuration, printed by: otel-setup alloy
//
//   export GRAFANA_CLOUD_OTLP_ENDPOINT=... GRAFANA_CLOUD_INSTANCE_ID=... GRAFANA_CLOUD_API_KEY=...
//   alloy run --stability.level=public-preview --storage.path=/var/lib/alloy/data config.alloy
//
// Take these rules out of LOG_PROCESSING once this runs: until then each acts in both places.`;

function receiver(next: string): string {
  return `otelcol.receiver.otlp "apps" {
	http {
		endpoint = coalesce(sys.env("ALLOY_OTLP_HTTP"), "[::]:4318")
	}

	grpc {
		endpoint = coalesce(sys.env("ALLOY_OTLP_GRPC"), "[::]:4317")
	}

	output {
		logs    = [otelcol.processor.memory_limiter.guard.input]
		metrics = [${exporterInput}]
		traces  = [${exporterInput}]
	}
}

// What is refused for want of memory is answered 503, and senders keep it.
otelcol.processor.memory_limiter "guard" {
	check_interval = "1s"
	limit          = "256MiB"

	output {
		logs = [${next}]
	}
}`;
}

const exporter = `// A queue on disk (a public preview of Alloy), and no end of retrying.
otelcol.storage.file "queue" {
	directory = coalesce(sys.env("ALLOY_QUEUE_DIR"), "/var/lib/alloy/data/queue")

	compaction {
		directory        = coalesce(sys.env("ALLOY_QUEUE_DIR"), "/var/lib/alloy/data/queue")
		on_rebound       = true
		cleanup_on_start = true
	}
}

otelcol.auth.basic "grafana" {
	username = coalesce(sys.env("GRAFANA_CLOUD_INSTANCE_ID"), "none")
	password = coalesce(sys.env("GRAFANA_CLOUD_API_KEY"), "none")
}

otelcol.exporter.otlphttp "grafana" {
	client {
		endpoint = sys.env("GRAFANA_CLOUD_OTLP_ENDPOINT")
		auth     = otelcol.auth.basic.grafana.handler
	}

	sending_queue {
		storage    = otelcol.storage.file.queue.handler
		queue_size = 20000

		batch {
			flush_timeout = "1s"
			sizer         = "bytes"
			min_size      = 250000
			max_size      = 1000000
		}
	}

	retry_on_failure {
		max_elapsed_time = "0s"
	}
}`;
