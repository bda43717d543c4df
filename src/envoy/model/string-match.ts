/** How a text is compared: envoy/type/matcher/v3/string.proto. */
export type StringMatch =
  | {
      readonly kind: 'exact' | 'prefix' | 'suffix' | 'contains' | 'safe_regex';
      readonly value: string;
      readonly ignoreCase: boolean;
    }
  | { readonly kind: 'other'; readonly field: string };
