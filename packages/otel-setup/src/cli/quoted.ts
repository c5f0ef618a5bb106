// A value on a line that is to be pasted.

/** Within quotes, where it has to be, that a shell and a file of variables read alike. */
export function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replace(/[\\"$`]/g, '\\$&')}"` : `'${text}'`;
}
