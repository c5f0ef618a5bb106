// One environment variable, or several names of one, as data.

export interface Variable {
  /** One name, or several of which the first that is set wins. */
  readonly names: readonly string[];
  readonly kind: 'boolean' | 'bytes' | 'choice' | 'headers' | 'integer' | 'path' | 'text' | 'url';
  /** For people; backticks mark a value. */
  readonly default: string;
  readonly meaning: string;
  /** A secret's value is never printed; a `url` is printed without user-info, path and query. */
  readonly secret: boolean;
  /** Of a `choice`: what it may be. */
  readonly values?: readonly string[];
  /** Of a `choice`: other words for a value, beyond doubt. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Of an `integer` or `bytes`: the least it may be. */
  readonly min?: number;
}
