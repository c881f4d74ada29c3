import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { afterEach, expect, test } from "vitest"
import { startMailbox } from "../stand-ins/mailbox/mailbox"

const root = resolve(import.meta.dirname, "../..")
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

test("[M2] mail:test sends through the server that .env names, and says what it answered", async () => {
  const mailbox = await startMailbox()
  ends.push(() => mailbox.stop())
  const folder = folderWith(
    `SMTP_HOST=127.0.0.1\nSMTP_PORT=${mailbox.smtpPort}\nSMTP_TLS=none\nMAIL_FROM=Acme <hello@acme.test>\n`,
  )
  const done = await mailTest(folder, "alice@acme.test")
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining("Sent. The server said:") })
  expect(mailbox.latestTo("alice@acme.test").subject).toBeTruthy()
})

test("[M2] mail:test says what is missing, without a stack", async () => {
  const folder = folderWith("")
  const unset = await mailTest(folder, "alice@acme.test")
  expect(unset.code).toBe(1)
  expect(unset.out).toMatch(/SMTP_HOST/)
  expect(await mailTest(folder, "no address")).toMatchObject({
    code: 1,
    out: expect.stringContaining("Usage:"),
  })
  expect(unset.out).not.toMatch(/\bat .*\.ts:\d+/)
})

function folderWith(settings: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-mail-test-"))
  ends.push(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, ".env"), settings)
  return folder
}

async function mailTest(folder: string, address: string): Promise<{ code: number; out: string }> {
  const tsx = pathToFileURL(join(root, "node_modules/tsx/dist/loader.mjs")).href
  const run = promisify(execFile)(
    process.execPath,
    ["--import", tsx, join(root, "app/commands/mail-test.ts"), address],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "development",
        TSX_TSCONFIG_PATH: join(root, "tsconfig.json"),
      },
    },
  )
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    error => ({ code: Number(error.code), out: `${error.stdout}${error.stderr}` }),
  )
}
