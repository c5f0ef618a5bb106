// What the command says when it begins to listen.

export interface Listening {
  readonly url: string;
  readonly host: string;
  /** It listens beyond this machine. */
  readonly isOpen: boolean;
}

export function greeting({ url, host, isOpen }: Listening): string[] {
  const lines = [`Listening on ${url} (POST /v1/logs or /otlp/v1/logs).`];
  if (!isOpen) return lines;
  return [
    ...lines,
    `${host} is more than this machine: whoever reaches it can send records, in clear text. --auth asks for a password.`,
  ];
}
