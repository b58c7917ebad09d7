// On a page that does not exist: offer the codes that come nearest to the one in the address.
for (const place of document.querySelectorAll("[data-nearest]")) {
  const asked = decodeURIComponent(location.pathname).match(/[2-5]\.\d{1,3}\.\d{1,3}|[2-5]\d\d(?!\d)/)?.[0]
  if (!asked) continue
  const number = code => code.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0)
  const alike = code => /^[\d.]+$/.test(code) && code.length > 3 === asked.length > 3 && code[0] === asked[0]
  fetch(place.dataset.nearest + "codes/find.json").then(answer => answer.json()).then(rows => {
    const near = rows.filter(row => row.code && alike(row.code))
      .sort((a, b) => Math.abs(number(a.code) - number(asked)) - Math.abs(number(b.code) - number(asked))).slice(0, 3)
    for (const row of near) {
      const link = document.createElement("a")
      link.href = place.dataset.nearest + row.url
      link.textContent = `${row.code} ${row.title}`
      place.append(" ", link)
    }
    place.hidden = !near.length
    if (rows.some(row => row.code === asked)) return
    // No typo, but a code that nobody has written down: its first digits still tell something.
    const lead = document.querySelector("[data-unknown]")
    const [digit, subject] = asked.split(".")
    const part = document.createElement("a")
    part.href = place.dataset.nearest + "codes/#" + (subject < 8 ? `x${subject}` : `c${asked[0]}`)
    part.textContent = subject < 8 ? `${digit}.${subject}.x` : `${asked[0]}xx`
    lead.replaceChildren(lead.dataset.unknown.replace("{code}", asked), " ", part)
  })
}
