/**
 * Whom a search means: people whose name or address contains it, the address as it is shown or in its canonical form. The
 * database takes small ASCII letters for capital ones, and no others.
 */
export function personMatching(search: string) {
  const found = search.trim().normalize("NFC")
  return {
    OR: [
      { name: { contains: found } },
      { emailTyped: { contains: found } },
      { email: { contains: found.toLowerCase() } },
    ],
  }
}
