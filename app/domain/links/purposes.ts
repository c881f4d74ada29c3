import { paths } from "~/lib/paths"

/** What an e-mailed link is for. A link of one purpose is worthless at another's address [L8]. */
export const purposes = [
  "sign_in",
  "activation",
  "account_setup",
  "invitation",
  "email_change",
  "password_reset",
  "purchase_access",
  "operator_setup",
  "not_me",
] as const

export type Purpose = (typeof purposes)[number]

/** The purposes that sign a person in and nothing more: they share one page. */
export const signInPurposes = ["sign_in", "purchase_access"] as const satisfies Purpose[]

/** The purposes that open an account or change what guards it: a change of credentials makes them worthless. */
export const entryPurposes = [...signInPurposes, "password_reset", "email_change", "account_setup"] as const

/** The path a link of this purpose leads to. */
export function linkPath(purpose: Purpose, token: string): string {
  switch (purpose) {
    case "activation":
    case "account_setup":
      return paths.activation.link(token)
    case "invitation":
      return paths.invitation(token)
    case "password_reset":
      return paths.signIn.reset(token)
    case "email_change":
      return paths.account.emailConfirmation(token)
    case "not_me":
      return paths.notMe(token)
    case "operator_setup":
      return paths.setup(token)
    default:
      return paths.signIn.link(token)
  }
}
