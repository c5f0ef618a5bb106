// The table of docs/variables.md.

import { variables } from './variables.ts';

/** A Markdown table: name, default, meaning; one row a variable. */
export function renderVariables(): string {
  const rows = variables.map((variable) => {
    const names = variable.names.map((name) => `\`${name}\``).join(', ');
    const cells = [names, variable.default, variable.meaning].map((cell) =>
      cell.replaceAll('|', '\\|'),
    );
    return `| ${cells.join(' | ')} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
