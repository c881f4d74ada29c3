import { readFileSync, statfsSync } from "node:fs"

/** Magic numbers of statfs(2) of file systems that reach over a network. */
const networkFileSystems = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9P"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x73757245, "Coda"],
  [0x0bd00bd0, "Lustre"],
  [0x65735546, "FUSE"],
])

/** A FUSE file system that is a local disk (NTFS or exFAT). */
const localFuse = "fuseblk"

/**
 * Throws when `folder` lies on a network file system: SQLite's locks and shared memory do not hold there, and the
 * database would be damaged sooner or later (sqlite.org/wal.html, "all processes must be on the same host").
 */
export function refuseNetworkFileSystem(
  folder: string,
  type = statfsSync(folder).type,
  mounts = readMounts(),
): void {
  const name = networkFileSystems.get(type >>> 0)
  if (!name) return
  const mounted = mountedType(folder, mounts)
  if (mounted === localFuse) return
  throw new Error(
    `The database cannot lie in ${folder}: that is a network file system (${mounted ?? name}), where SQLite loses data. ` +
      "Set DATABASE_FILE to a path on a local disk or a block-storage volume.",
  )
}

function readMounts(): string {
  try {
    return readFileSync("/proc/self/mounts", "utf8")
  } catch {
    return ""
  }
}

/** The type of the longest mount point that `folder` lies under, such as `fuse.sshfs`. */
function mountedType(folder: string, mounts: string): string | undefined {
  let best: { point: string; type: string } | undefined
  for (const line of mounts.split("\n")) {
    const [, point = "", type = ""] = line.split(" ")
    const within = folder === point || folder.startsWith(point.endsWith("/") ? point : `${point}/`)
    if (point && within && point.length >= (best?.point.length ?? 0)) best = { point, type }
  }
  return best?.type
}
