// An order as it comes over the wire.

export interface OrderRequest {
  readonly customer: {
    readonly id: number;
    readonly address: { readonly city: string; readonly zip: string };
  };
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly payment: 'card' | 'voucher';
  readonly gift: boolean;
  readonly coupon: string | null;
}

/** The order, or what is wrong with it. */
export function parseOrder(body: unknown): OrderRequest | string {
  const order = body as Partial<OrderRequest> | undefined;
  if (typeof order?.customer?.id !== 'number') return 'an order needs a customer';
  if (!Array.isArray(order.items) || order.items.length === 0) return 'an order needs items';
  if (order.payment !== 'card' && order.payment !== 'voucher') return 'an order needs a payment';
  return {
    customer: order.customer,
    items: order.items,
    payment: order.payment,
    gift: order.gift === true,
    coupon: order.coupon ?? null,
  };
}
