import { join } from "node:path"
import { type MailSink, startMailSink } from "./mail-sink"
import { type BenchServer, type Side, startServer } from "./servers"
import { type BenchKey, signingKeyIn } from "./tokens"
import { copiedDatabase, keptDatabase, type Size } from "./world"

/** What a pair of servers, raw and ours, stands on. */
export type Stage = {
  name: string
  size: Size
  /** The kept file is too large to copy for each run; nothing but the start-up of ours writes to it. */
  inPlace?: true
  mail?: "taken" | "silent"
}

export type RunningStage = {
  stage: Stage
  server: BenchServer
  key: BenchKey
  sink: MailSink | undefined
  /** How many addresses or links of this database are used up. */
  taken: number
}

export const stages = {
  small: { name: "small", size: { sessions: 1_000, links: 0 } },
  large: { name: "large", size: { sessions: 1_000_000, links: 0 }, inPlace: true },
  // The mail server never answers: five mails wait for it, so that the queue stands still and only the request is measured.
  requests: { name: "requests", size: { sessions: 1_000, links: 0 }, mail: "silent" },
  spends: { name: "spends", size: { sessions: 150_000, links: 150_000 } },
  journeys: { name: "journeys", size: { sessions: 20_000, links: 0 }, mail: "taken" },
} satisfies Record<string, Stage>

export async function startStage(
  stage: Stage,
  side: Side,
  { folder, cpuProfiles }: { folder: string; cpuProfiles?: string | undefined },
): Promise<RunningStage> {
  const file = stage.inPlace
    ? await keptDatabase(stage.size)
    : await copiedDatabase(stage.size, folder, `${stage.name}-${side}`)
  const key = signingKeyIn(file)
  const sink = stage.mail && (await startMailSink({ silent: stage.mail === "silent" }))
  const profiles = cpuProfiles && join(cpuProfiles, `${stage.name}-${side}`)
  const server = await startServer(side, { file, smtpPort: sink?.port, cpuProfiles: profiles })
  return { stage, server, key, sink, taken: 0 }
}

export async function stopStage({ server, sink }: RunningStage): Promise<void> {
  await server.stop()
  sink?.stop()
}
