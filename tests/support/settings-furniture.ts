import sharp from "sharp"
import { changeAddress } from "~/domain/organizations/change-address.server"
import { changeLogo } from "~/domain/organizations/logo.server"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { buildOrganization } from "./cast"
import { member, requester } from "./membership"

const tree =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M32 4 8 44h18v16h12V44h18z" fill="#276749"/></svg>'

/** A logo that is no square, an address that was another one, and an organisation that wants another way in. */
export async function furnishSettings({ charlie, bob }: { charlie: User; bob: User }): Promise<void> {
  const picture = await sharp(Buffer.from(tree))
    .resize(512, 300, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer()
  await buildOrganization(db(), { name: "Willow Works", slug: "willow", members: [[charlie, "owner"]] })
  await changeLogo(await member(charlie, "willow"), picture, requester)
  await changeAddress(await member(charlie, "willow"), "willow-works", requester)
  const harbour = await buildOrganization(db(), {
    name: "Quiet Harbour",
    slug: "quiet-harbour",
    members: [[bob, "member"]],
  })
  await db().organization.update({ where: { id: harbour.id }, data: { signInMethods: "passkey" } })
}
