import { z } from "zod"

/** What may become of a stored event. */
export const eventStates = ["received", "done", "ignored", "dead"] as const
export const EventState = z.enum(eventStates)
export type EventState = z.output<typeof EventState>

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
