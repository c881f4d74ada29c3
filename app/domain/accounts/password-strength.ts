import { type MatchExtended, ZxcvbnFactory } from "@zxcvbn-ts/core"
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common"

/*
 * How hard a password is to guess, the same in the browser, which shows it, and on the server, which decides. It brings a list of
 * the 49,000 most common passwords. Imported where it is used only: 250 kB.
 */

export type Strength = {
  /** 0 to 4, by the guesses it would take: under 10^3, 10^6, 10^8, 10^10, and more. */
  score: number
  /** It is one of the most common ones, or one of them written otherwise. */
  common: boolean
}

/** What is longer is judged by its beginning: it takes milliseconds, whatever a stranger sends. */
const judged = 40

let estimator: ZxcvbnFactory | undefined

/** Judges a password; `about` are words its guesser would try first, such as name and address. */
export function strengthOf(password: string, about: readonly string[]): Strength {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: judged })
  const { score, sequence } = estimator.check(password, wordsOf(about))
  return { score, common: score < 2 && sequence.length === 1 && sequence.every(isCommonPassword) }
}

function isCommonPassword(match: MatchExtended): boolean {
  return (
    match.pattern === "dictionary" && "dictionaryName" in match && match.dictionaryName === "passwords-common"
  )
}

/** `Alice Archer <alice@acme.test>` is alice, archer, acme, alicearcher and acme.test as well. */
function wordsOf(about: readonly string[]): string[] {
  const texts = about.flatMap(text => [text, ...text.split("@")])
  const parts = texts.flatMap(text => text.split(/[^\p{L}\p{N}]+/u))
  const joined = texts.map(text => text.replace(/[^\p{L}\p{N}]+/gu, ""))
  return [...new Set([...texts, ...parts, ...joined])].filter(word => word.length > 2)
}
