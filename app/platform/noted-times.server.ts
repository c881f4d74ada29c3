import { transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

/** Few enough that nobody waits long for the transaction, and many for each time the disk is waited for. */
const savedAtOnce = 500

/**
 * When rows were last used, noted in memory and written behind: a read must not cost a write. `update` takes the time, the id
 * and the time again: it must not turn a later one back. A time that is written already within `precision` milliseconds is not
 * noted. What a crash forgets is a minute of "last used".
 */
export function notedTimes({ precision, update }: { precision: number; update: string }) {
  const write = joiningStatement<[number, string, number]>(update)
  let noted = new Map<string, number>()
  return {
    note: (id: string, written: number | null, at: number): void => {
      if (written === null || at - written >= precision) noted.set(id, at)
    },
    save: async (): Promise<void> => {
      const all = [...noted]
      noted = new Map()
      for (let i = 0; i < all.length; i += savedAtOnce) {
        await transaction(async tx => {
          for (const [id, at] of all.slice(i, i + savedAtOnce)) await write.run(tx, at, id, at)
        })
      }
    },
  }
}
