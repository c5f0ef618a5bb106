// Which attribute a server means that refuses labels, and the variable that makes it another one.

import { fitResource, indexLabels } from '../../record/resource.ts';
import type { Examination } from './examination.ts';
import { setting } from './paste.ts';

/** Loki names the label, or shows its value. */
export function labelPaste({ config, env }: Examination, said: string): string[] {
  const { attributes } = fitResource(Object.entries(config.resource));
  const labels = Object.entries(attributes).filter(([key]) => indexLabels.has(key));
  const meant = labels.find(([key, value]) =>
    [key.replaceAll('.', '_'), String(value)].some((word) => said.includes(`'${word}'`)),
  );
  const key = meant?.[0] ?? '<attribute>';
  if (key === 'service.name') return [setting('OTEL_SERVICE_NAME', '<shorter name>')];
  const entries = (env.text('OTEL_RESOURCE_ATTRIBUTES') ?? '')
    .split(',')
    .filter((entry) => entry.trim() !== '' && entry.split('=')[0]?.trim() !== key);
  const shorter = `${key}=<shorter value>`;
  return [setting('OTEL_RESOURCE_ATTRIBUTES', [...entries, shorter].join(','))];
}
