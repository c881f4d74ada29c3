/** Why a way through a provider led nowhere. */
export const ssoTroubles = [
  "declined",
  "over",
  "refused",
  "unreachable",
  "set_up",
  "tenant",
  "no_account",
  "other_person",
  "disabled",
  "taken",
  "too_many",
] as const

export type SsoTrouble = (typeof ssoTroubles)[number]

export function isSsoTrouble(value: unknown): value is SsoTrouble {
  return ssoTroubles.some(trouble => trouble === value)
}

/** What to tell the person: what happened, and what to do next. Nothing of it comes from the provider. */
export function troubleWords(trouble: SsoTrouble, name: string): { title: string; words: string } {
  switch (trouble) {
    case "declined":
      return {
        title: "Nothing has happened",
        words: `You did not go through with it at ${name}. Try again, or sign in another way.`,
      }
    case "over":
      return {
        title: "This way in is over",
        words: `It was used already, took longer than ten minutes, or was begun in another browser. Begin again.`,
      }
    case "refused":
      return {
        title: `The answer of ${name} does not hold`,
        words:
          "We could not make sure who it speaks of, so nobody was let in. Try again, or sign in another way.",
      }
    case "unreachable":
      return {
        title: `${name} does not answer`,
        words: "Try again in a minute, or sign in another way.",
      }
    case "set_up":
      return {
        title: `${name} is not set up right here`,
        words: "Tell the person who runs this site, and sign in another way meanwhile.",
      }
    case "tenant":
      return {
        title: "This account may not come in here",
        words: `It belongs to an organisation at ${name} that this site does not accept. Use another account.`,
      }
    case "no_account":
      return {
        title: "There is no account for you yet",
        words:
          "New accounts come by invitation or with a plan. If you have one under another address, sign in with that.",
      }
    case "other_person":
      return {
        title: "You are signed in as somebody else",
        words: `This account at ${name} is not connected with the account you are signed in to. Connect it there, or sign out first.`,
      }
    case "disabled":
      return {
        title: "This account is shut",
        words: "You cannot sign in with it at the moment. Ask the person who runs this site.",
      }
    case "taken":
      return {
        title: "It is connected already",
        words: `This account at ${name} opens another account here. Disconnect it there first.`,
      }
    case "too_many":
      return {
        title: "Too many attempts",
        words: "Come back in a quarter of an hour, or sign in another way.",
      }
  }
}
