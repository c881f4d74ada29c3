import { journeys } from "./journeys"
import { load, type Measured } from "./load"
import { requestMarkOf, requestsFor } from "./requests"
import type { RunningStage, Stage } from "./stages"
import { stages } from "./stages"
import { accessTokenOf } from "./tokens"
import { addressOf, benchToken } from "./world"

export type Cell = {
  name: string
  stage: Stage
  /** The share of raw to reach. */
  target: number
  measure: (on: RunningStage, seconds: number, connections: number) => Promise<Measured>
}

const checkSessions: Cell["measure"] = (on, seconds, connections) => {
  const { sessionCheck } = requestsFor(on.server.port)
  const token = anySession(on)
  return load({ ...on.server, connections, seconds, status: 200, next: () => sessionCheck(token()) })
}

/** As many clients as call within an hour or so: each of their tokens comes again and again. */
const clients = 5_000
/** More than a server checks. */
const newTokensPerSecond = 12_000

const checkTokens: Cell["measure"] = (on, seconds, connections) => {
  const { bearerCheck } = requestsFor(on.server.port)
  const tokens = tokensFor(on)
  let i = 0
  const next = () => bearerCheck(tokens[i++ % tokens.length] ?? "")
  return load({ ...on.server, connections, seconds, status: 200, next })
}

const signed = new Map<RunningStage, string[]>()

function tokensFor(on: RunningStage): string[] {
  const known = signed.get(on)
  if (known) return known
  const tokens = Array.from({ length: Math.min(clients, on.stage.size.sessions) }, (_, i) => tokenOf(on, i))
  signed.set(on, tokens)
  return tokens
}

/** Of a session anywhere in the table. */
function tokenOf({ stage, key, server }: RunningStage, i: number): string {
  return accessTokenOf((i * 7_919) % stage.size.sessions, key, server.port)
}

export const cells = {
  check: {
    name: "session check, 1,000 sessions",
    stage: stages.small,
    target: 0.9,
    measure: checkSessions,
  },
  checkOfMillion: {
    name: "session check, 1,000,000 sessions",
    stage: stages.large,
    target: 0.8,
    measure: checkSessions,
  },
  bearer: {
    name: "token check, 1,000 sessions",
    stage: stages.small,
    target: 0.8,
    measure: checkTokens,
  },
  bearerOfMillion: {
    name: "token check, 1,000,000 sessions",
    stage: stages.large,
    target: 0.8,
    measure: checkTokens,
  },
  newBearer: {
    name: "token check, seen the first time",
    stage: stages.small,
    target: 0.5,
    measure: (on, seconds, connections) => {
      const { bearerCheck } = requestsFor(on.server.port)
      const most = Math.ceil(seconds * newTokensPerSecond)
      const tokens = Array.from({ length: most }, (_, i) => tokenOf(on, i))
      return load({
        ...on.server,
        connections,
        seconds,
        status: 200,
        next: () => {
          const token = tokens.pop()
          return token && bearerCheck(token)
        },
      })
    },
  },
  checkInRemix: {
    name: "session check inside Remix",
    stage: stages.small,
    target: 0.1,
    measure: (on, seconds, connections) => {
      const { sessionCheck, sessionCheckInRemix } = requestsFor(on.server.port)
      const ask = on.server.side === "ours" ? sessionCheckInRemix : sessionCheck
      const token = anySession(on)
      return load({ ...on.server, connections, seconds, status: 200, next: () => ask(token()) })
    },
  },
  page: {
    name: "signed-in page",
    stage: stages.small,
    target: 0.025,
    measure: (on, seconds, connections) => {
      const { page } = requestsFor(on.server.port)
      const token = anySession(on)
      return load({ ...on.server, connections, seconds, status: 200, next: () => page(token()) })
    },
  },
  request: {
    name: "link request, mail queued",
    stage: stages.requests,
    target: 0.2,
    measure: (on, seconds, connections) => {
      const { requestLink } = requestsFor(on.server.port)
      const next = () => requestLink(addressOf(on.taken++))
      return load({ ...on.server, connections, seconds, status: 303, next })
    },
  },
  spend: {
    name: "link spend",
    stage: stages.spends,
    target: 0.15,
    measure: (on, seconds, connections) => {
      const { spendLink } = requestsFor(on.server.port)
      const next = () => {
        const i = on.taken++
        return i < on.stage.size.links ? spendLink(benchToken("link", i), requestMarkOf(i)) : undefined
      }
      return load({ ...on.server, connections, seconds, status: 303, next })
    },
  },
  journey: {
    name: "whole journey",
    stage: stages.journeys,
    target: 0.16,
    measure: journeys,
  },
} satisfies Record<string, Cell>

/** Tokens of sessions from all over the table, in no order a cache could learn. */
export function anySession({ stage }: RunningStage): () => string {
  const sample = sampleOf(stage.size.sessions)
  let i = 0
  return () => {
    i = (i + 1) % sample.length
    return sample[i] ?? ""
  }
}

const samples = new Map<number, string[]>()
const largestSample = 100_000

function sampleOf(sessions: number): string[] {
  const known = samples.get(sessions)
  if (known) return known
  const size = Math.min(sessions, largestSample)
  const step = 7_919
  const sample = Array.from({ length: size }, (_, i) => benchToken("session", (i * step) % sessions))
  samples.set(sessions, sample)
  return sample
}
