// The one record that every contender logs: a message and eight attributes, about 300 bytes as OTLP protobuf.
// What varies does so by a fixed seed, so that a receiver can tell from the id what the rest must be.

export const message = 'order placed';

export type Fields = Readonly<Record<string, string | number | boolean>>;

/** Stands before the eight digits of a record's number, and nowhere else in a request. */
export const idPrefix = 'req_';
export const idDigits = 8;

const variants = 4096;
const paths = [
  '/api/v2/shops/amsterdam/orders',
  '/api/v2/shops/rotterdam/orders',
  '/api/v2/shops/utrecht/carts/checkout',
  '/api/v2/subscriptions/renewals',
];
const customers = Array.from({ length: variants }, (_, index) => `cus_${letters(index)}`);
const durations = Array.from({ length: variants }, (_, index) => scramble(index) % 1900);

export function fields(id: number): Fields {
  const variant = id % variants;
  return {
    requestId: idPrefix + String(id).padStart(idDigits, '0'),
    'http.request.method': 'POST',
    'url.path': pathOf(id),
    'http.response.status_code': variant % 7 === 0 ? 202 : 201,
    customerId: customerOf(id),
    durationMs: durations[variant] ?? 0,
    region: 'eu-west-1',
    cacheHit: variant % 3 === 0,
  };
}

export function pathOf(id: number): string {
  return paths[scramble(id % variants) % paths.length] ?? '';
}

export function customerOf(id: number): string {
  return customers[id % variants] ?? '';
}

function letters(index: number): string {
  const parts = [index, index + variants, index + 2 * variants].map(
    (part) => scramble(part).toString(36).padStart(7, '0'), // 32 bits are at most 7 such digits
  );
  return parts.join('').slice(0, 16);
}

/** A 32-bit mix of a small number (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
