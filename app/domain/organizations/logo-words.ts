/** 1 MB: a hundred times what a logo of this size weighs. */
export const mostBytes = 1024 * 1024

/** Why a picture did not become the logo, in the words its field shows. */
export const logoTroubles = {
  empty: "Choose a picture first.",
  too_many_bytes: "This picture is larger than 1 MB. Choose a smaller one.",
  other_kind: "This is not a PNG, JPEG or WebP picture. Choose another file.",
  too_many_pixels:
    "This picture has too much detail. Choose one of at most 8 million pixels, with 8 bits a colour.",
  unreadable: "This picture could not be read. It may be damaged: save it once more, or choose another.",
  too_many: "That was a lot of pictures. Try again in an hour.",
} as const

export type LogoTrouble = keyof typeof logoTroubles

/** Narrows what an address says. */
export function isLogoTrouble(value: string | null): value is LogoTrouble {
  return value !== null && Object.hasOwn(logoTroubles, value)
}
