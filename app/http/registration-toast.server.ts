import type { AppLoadContext } from "@remix-run/node"
import type { RegistrationEnd } from "~/domain/sign-in/registration.server"
import { type Toast, toastCookie } from "~/http/toast.server"

const said: Record<RegistrationEnd, Toast> = {
  kept: { kind: "good", words: "Welcome. Your address is confirmed and your password is set." },
  elsewhere: {
    kind: "bad",
    words:
      "Your password was not set, because the link was opened in another browser than it was asked for. Set one in your account.",
  },
  has_account: {
    kind: "bad",
    words: "You had an account already. It is as it was: the password you typed now was not set.",
  },
}

/** Says on the next page what became of what was chosen while registering, if that is how the link was asked for. */
export async function sayWhatBecame(
  context: AppLoadContext,
  registration: RegistrationEnd | undefined,
): Promise<void> {
  if (registration) context.cookies.push(await toastCookie(said[registration]))
}
