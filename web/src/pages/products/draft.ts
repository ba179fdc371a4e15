/** A product as a form holds it: everything is text until it is sent. */
import type { Schema } from "@/api/react";
import { given, isAmount } from "@/pages/parts/numbers";

export interface Draft {
  title: string;
  amount: string;
  currency: string;
  compareAt: string;
  brand: string;
  category: string;
  handle: string;
  barcode: string;
  description: string;
  image: string;
  taxCode: string;
  weight: number;
  minimum: number;
  stocked: boolean;
  backorder: boolean;
  options: { name: string; value: string }[];
}

export function blank(currency: string): Draft {
  return {
    title: "", amount: "", currency, compareAt: "", brand: "", category: "", handle: "", barcode: "", description: "", image: "",
    taxCode: "", weight: 0, minimum: 1, stocked: true, backorder: false, options: [],
  };
}

export function draftOf(product: Schema["ProductView"]): Draft {
  return {
    title: product.title, amount: product.price.amount, currency: product.price.currency, compareAt: product.compare_at?.amount ?? "",
    brand: product.brand, category: product.category, handle: product.handle, barcode: product.barcode ?? "",
    description: product.description, image: product.image ?? "", taxCode: product.tax_code ?? "", weight: product.weight_grams,
    minimum: product.min_quantity, stocked: product.stocked, backorder: product.backorder, options: product.options,
  };
}

/** Whether the server could take it; what exactly is wrong, it says itself. */
export function complete(draft: Draft): boolean {
  return draft.title.trim() !== "" && isAmount(draft.amount) && (draft.compareAt === "" || isAmount(draft.compareAt));
}

/** The body of the request. PUT replaces everything, so everything is said. */
export function details(draft: Draft): Schema["ProductDetails"] {
  return {
    title: draft.title.trim(),
    price: { amount: draft.amount.trim(), currency: draft.currency },
    compare_at: draft.compareAt.trim() === "" ? null : { amount: draft.compareAt.trim(), currency: draft.currency },
    brand: given(draft.brand), category: given(draft.category), handle: given(draft.handle), barcode: given(draft.barcode),
    description: given(draft.description), image: given(draft.image), tax_code: given(draft.taxCode),
    weight_grams: draft.weight || 0, min_quantity: draft.minimum || 1, stocked: draft.stocked, backorder: draft.backorder,
    options: draft.options.filter((one) => one.name.trim() !== "" && one.value.trim() !== ""),
  };
}
