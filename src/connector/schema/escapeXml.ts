/** A text as the value of an attribute. White space and control characters too: an XML parser would make blanks of them. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"\p{Cc}]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
