/** Where each scene pretends to be, so that its entry in the navigation is lit. */
export const scenePaths: Record<string, string> = {
  members: "/o/harbour/members",
  billing: "/o/harbour/billing",
  desk: "/desk",
}
