import { z } from "zod"
import { deviceLabel } from "~/domain/accounts/device.server"
import { listSessions } from "~/domain/accounts/devices.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const Device = z
  .object({
    id: z.string(),
    label: z.string().meta({ description: "By its User-Agent, such as `Firefox on Linux`." }),
    address: z.string().meta({ description: "Where it called from last." }),
    program: z.boolean().meta({ description: "Signed in by the API." }),
    current: z.boolean().meta({ description: "The one that asks." }),
    signedInAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: "Device" })

const read = endpoint(
  {
    summary: "Where you are signed in",
    details: "Every live session, on pages and by API, the latest used first. All of them in one answer.",
    area: "Session",
    who: "person",
    answer: z.object({ data: z.array(Device) }).meta({ id: "Devices" }),
  },
  async ({ signedIn }) => ({
    data: (await listSessions(signedIn.userId)).map(
      ({ id, userAgent, clientAddress: address, refreshTokens, createdAt, lastSeenAt }) => ({
        id,
        label: deviceLabel(userAgent),
        address,
        program: refreshTokens.length > 0,
        current: id === signedIn.sessionId,
        signedInAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
      }),
    ),
  }),
)

const here = resource(apiPaths.devices(), { GET: read })
export const loader = here.loader
export const action = here.action
