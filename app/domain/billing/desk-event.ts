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

/** Which events the desk lists: those of one state, all, or without a choice all that were of use. */
export type EventFilter = EventState | "all" | undefined

/** Narrows what a row says. */
export function isEventState(value: unknown): value is EventState {
  return eventStates.some(state => state === value)
}

/** Narrows what a query says. */
export function readEventFilter(value: unknown): EventFilter {
  return isEventState(value) || value === "all" ? value : undefined
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
