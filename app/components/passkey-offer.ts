import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser"
import { askForPasskey, autofillWorks, endCeremony } from "~/components/passkey-ceremonies"
import { paths } from "~/lib/paths"

/** Milliseconds after which options are asked for anew: the server takes their challenge for five minutes. */
const optionsLast = 4 * 60 * 1000

/** How often the page looks whether its offer has grown old. */
const look = 20 * 1000

type Kept = { at: number; options: PublicKeyCredentialRequestOptionsJSON }

/**
 * Offers passkeys below the address field of the page for as long as it is open, with options that are never too old. `choose`
 * hears of the one that was chosen.
 */
export function offerPasskeys(choose: (answer: string) => void) {
  let over = false
  /** The button's own ceremony is on: an offer would end it. */
  let paused = false
  let offeredAt = 0
  let kept: Kept | undefined

  const fresh = async () => {
    kept = await fetchOptions()
    return kept?.options
  }

  const offer = async () => {
    if (over || paused || document.hidden || Date.now() - offeredAt < optionsLast) return
    offeredAt = Date.now()
    if (!(await autofillWorks())) return
    const options = await fresh()
    if (!options || over || paused) return
    const answer = await askForPasskey(options, { autofill: true })
    if (answer.ok && !over) choose(answer.value)
  }
  const offerIfOld = () => void offer()
  const timer = setInterval(offerIfOld, look)
  document.addEventListener("visibilitychange", offerIfOld)
  offerIfOld()

  return {
    /** What a ceremony of the button begins with; the offer's own where they are young, so that nobody waits after the click. */
    options: async () => {
      paused = true
      const young = kept && Date.now() - kept.at < optionsLast ? kept.options : await fresh()
      kept = undefined
      return young
    },
    /** Another ceremony has ended the offer, or an answer was refused. */
    again: () => {
      paused = false
      offeredAt = 0
      offerIfOld()
    },
    end: () => {
      over = true
      clearInterval(timer)
      document.removeEventListener("visibilitychange", offerIfOld)
      endCeremony()
    },
  }
}

async function fetchOptions(): Promise<Kept | undefined> {
  try {
    const response = await fetch(paths.signIn.passkey(), { headers: { Accept: "application/json" } })
    if (!response.ok) return undefined
    return { at: Date.now(), options: await response.json() }
  } catch {
    return undefined
  }
}
