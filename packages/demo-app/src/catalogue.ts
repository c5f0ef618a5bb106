// What the shop sells.

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly priceCents: number;
  readonly stock: number;
  readonly tags: readonly string[];
}

export const catalogue: readonly Product[] = [
  { id: 'tea', name: 'Green tea', priceCents: 690, stock: 120, tags: ['drink', 'organic'] },
  { id: 'mug', name: 'Blue mug', priceCents: 1250, stock: 44, tags: ['kitchen'] },
  { id: 'lamp', name: 'Desk lamp', priceCents: 3999, stock: 0, tags: ['light', 'office'] },
  // Kept in the remote warehouse, whose answers take their time.
  { id: 'piano', name: 'Upright piano', priceCents: 349_900, stock: 2, tags: ['music', 'heavy'] },
];

export function findProduct(id: string): Product | undefined {
  return catalogue.find((product) => product.id === id);
}
