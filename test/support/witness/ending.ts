/** How a run of an example or a program ended. */
export type Ending =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string | undefined; readonly message: string } }
  /** It did not end within the time that the witness waits. */
  | { readonly unfinished: true };
