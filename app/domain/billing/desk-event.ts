/** What may become of a stored event. */
export const eventStates = ["received", "done", "ignored", "dead"] as const
export type EventState = (typeof eventStates)[number]

/** How the desk names each. */
export const stateNames: Record<EventState, string> = {
  received: "Waiting",
  done: "Done",
  ignored: "Ignored",
  dead: "Given up",
}

/** Narrows what a query says. */
export function isEventState(value: unknown): value is EventState {
  return eventStates.some(state => state === value)
}

/** An event as the operator sees it. */
export type DeskEvent = {
  id: string
  type: string
  objectId: string
  source: string
  state: string
  attempts: number
  effect: string | null
  lastError: string | null
  receivedAt: Date
}
