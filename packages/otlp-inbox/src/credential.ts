// Checks Basic credentials and complains in the words of Grafana Cloud's gateway.

import { timingSafeEqual } from 'node:crypto';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** Undefined when the header carries the credential. */
export function credentialProblem(
  header: string | undefined,
  { username, password }: Credential,
): string | undefined {
  if (header === undefined) return 'no credentials provided';
  const given = Buffer.from(header);
  const wanted = Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  const isRight = given.length === wanted.length && timingSafeEqual(given, wanted);
  return isRight ? undefined : 'invalid authentication credentials';
}
