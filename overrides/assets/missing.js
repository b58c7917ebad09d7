// On a page that does not exist: offer the code in the address, or those that are one slip of the finger from it.
const without = text => Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1))
const slip = (code, asked) => code.split(".").length === asked.split(".").length && code[0] === asked[0]
  && (code.length === asked.length ? Array.from(code).filter((one, at) => one !== asked[at]).length === 1
    : without(asked).includes(code) || without(code).includes(asked))

for (const place of document.querySelectorAll("[data-nearest]")) {
  const asked = decodeURIComponent(location.pathname).match(/[2-5]\.\d{1,3}\.\d{1,3}|[2-5]\d\d(?!\d)/)?.[0]
  if (!asked) continue
  fetch(place.dataset.nearest + "codes/find.json").then(answer => answer.json()).then(rows => {
    const known = rows.filter(row => row.code === asked)
    const near = known.length ? known : rows.filter(row => row.code && slip(row.code, asked)).slice(0, 3)
    for (const row of near) {
      const link = document.createElement("a")
      link.href = place.dataset.nearest + row.url
      link.textContent = `${row.code} ${row.title}`
      place.append(" ", link)
    }
    place.hidden = !near.length
    if (known.length) return
    // No typo, but a code that nobody has written down: its first digits still tell something.
    const lead = document.querySelector("[data-unknown]")
    const [digit, subject] = asked.split(".")
    const [name, shown] = subject < 8 ? [`X.${subject}`, `${digit}.${subject}.x`] : [`${asked[0]}xx`, `${asked[0]}xx`]
    const whole = rows.find(row => row.code === name)
    const part = document.createElement("a")
    part.href = place.dataset.nearest + whole.url
    part.textContent = `${shown} ${whole.title}`
    lead.replaceChildren(lead.dataset.unknown.replace("{code}", asked), " ", part)
  })
}
