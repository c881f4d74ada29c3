import { db, openDatabase } from "~/platform/db.server"
import { answerOnce } from "~/platform/idempotency.server"

// A process of its own: it is killed once a call did what it is for, before its answer is kept.
const [file] = process.argv.slice(2)
await openDatabase(file)
await answerOnce({ caller: "user 1", call: "POST /things", key: "k", sent: "{}" }, async () => {
  await db().setting.create({ data: { key: "made", value: "", updatedAt: new Date() } })
  process.kill(process.pid, "SIGKILL")
  throw new Error("never reached")
})
