/** What an operation that may be refused returns: expected failures are values, bugs are thrown. */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E }

export function ok(): { ok: true; value: undefined }
export function ok<T>(value: T): { ok: true; value: T }
export function ok<T>(value?: T) {
  return { ok: true as const, value }
}

export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error }
}
