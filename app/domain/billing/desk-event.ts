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

/** What the desk's list is narrowed to. An empty text narrows nothing. */
export type EventQuery = {
  state: EventFilter
  /** A type, or how it begins. */
  type: string
  /** An organisation's id or address. */
  organization: string
  /** The id of an event, or of what it is about. */
  object: string
  /** Those that brought nothing new are folded away, unless they are asked for. */
  quiet: "show" | ""
}

const longest = 255

/** Reads the query of an address; anything odd narrows nothing. */
export function readEventQuery(query: URLSearchParams): EventQuery {
  const state = query.get("state")
  const text = (name: string) => (query.get(name) ?? "").trim().slice(0, longest)
  return {
    state: isEventState(state) || state === "all" ? state : undefined,
    type: text("type"),
    organization: text("organization"),
    object: text("object"),
    quiet: query.get("quiet") === "show" ? "show" : "",
  }
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
  organization: { id: string; name: string } | null
}
