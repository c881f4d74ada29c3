import { env } from "~/platform/env.server"

/**
 * Kills the process here when GATEHOUSE_CRASH_AT names this point: the tests prove with it that a crash at the
 * worst moment loses nothing. Refused in production by the settings check.
 */
export function failpoint(name: string): void {
  if (env().crashAt === name) process.kill(process.pid, "SIGKILL")
}
