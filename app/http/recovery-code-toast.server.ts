import { toastCookie } from "~/http/toast.server"

/** Few enough to make new ones soon. */
const few = 3

/** Says on the next page how many recovery codes are left after one was used [S9]. */
export function codesLeftToast(left: number): Promise<string> {
  const count = left === 1 ? "One recovery code is left." : `${left} recovery codes are left.`
  const advice = left <= few ? " Make new ones in your account, under Two-factor sign-in." : ""
  return toastCookie({ kind: left <= few ? "bad" : "good", words: count + advice })
}
