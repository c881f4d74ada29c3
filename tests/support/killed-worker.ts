import { z } from "zod"
import { db, openDatabase } from "~/platform/db.server"
import { defineJob, startJobs } from "~/platform/jobs.server"

// A process of its own: it takes a job and is killed while the job runs, after the job wrote what cannot be undone.
const [file] = process.argv.slice(2)
await openDatabase(file)
const fatal = defineJob({
  kind: "fatal",
  payload: z.object({}),
  run: async () => {
    await db().setting.create({ data: { key: "started", value: "", updatedAt: new Date() } })
    process.kill(process.pid, "SIGKILL")
  },
})
await fatal.enqueue(db(), {})
await startJobs([fatal], [], { manual: true }).settle()
