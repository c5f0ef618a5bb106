// What winston hands to a transport.

/** The symbols of `triple-beam`, which winston's whole family shares. */
export const levelSymbol: unique symbol = Symbol.for('level') as never;
export const splatSymbol: unique symbol = Symbol.for('splat') as never;
/** The arguments of the call behind its level: winston does not hand all of them on. */
export const givenSymbol: unique symbol = Symbol('otel-setup.given');

export interface Info {
  readonly [key: string]: unknown;
  readonly [levelSymbol]?: string;
  readonly [splatSymbol]?: readonly unknown[];
  readonly [givenSymbol]?: readonly unknown[] | undefined;
}

/** As winston makes it of `logger.info('text', { fields })`. */
export function infoOfCall(
  level: string,
  text: string,
  fields: Readonly<Record<string, unknown>>,
  defaultMeta?: object | null,
): Info {
  const info: Record<PropertyKey, unknown> = defaultMeta
    ? Object.assign({}, defaultMeta, fields)
    : { ...fields };
  info[levelSymbol] = level;
  info[splatSymbol] = [fields];
  info.level = level;
  info.message = text;
  return info;
}

/** Level names to ranks; 0 is the most severe. */
export type Levels = Readonly<Record<string, number>>;

/** Fields that the records of one request have in common. */
export type SharedFields = Readonly<Record<string, unknown>>;
