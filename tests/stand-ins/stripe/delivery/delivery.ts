export interface Attempt {
  /** Milliseconds of the real clock. */
  at: number
  status: number | null
  error: string | null
  milliseconds: number
}

/** One copy of one event for one endpoint. */
export interface Delivery {
  id: string
  event: string
  type: string
  endpoint: string
  url: string
  /** `held` waits for somebody's hand, `waiting` for its turn, `retrying` for its next time. */
  state: "held" | "waiting" | "sending" | "retrying" | "delivered" | "failed" | "dropped"
  attempts: Attempt[]
  nextAttemptAt: number | null
}
