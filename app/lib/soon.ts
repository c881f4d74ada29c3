/** A value that is there at once where it can be: for what runs on each request, where each await costs a turn of the loop. */
export type Soon<T> = T | Promise<T>

/** Goes on with it, at once if it is there. */
export function andThen<T, U>(value: Soon<T>, next: (value: T) => U): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
