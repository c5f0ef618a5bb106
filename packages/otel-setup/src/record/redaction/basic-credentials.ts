// User and password in base64, as Basic sends them and as docker keeps them under `auth`.

export function isBasicCredentials(text: string): boolean {
  return (
    text.length >= 8 &&
    text.length <= 2_048 &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) &&
    /^[ -9;-~]+:[ -~]+$/.test(Buffer.from(text, 'base64').toString('latin1'))
  );
}
