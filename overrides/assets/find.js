// The big field: suggestions from the site's own JSON, and the codes inside a pasted bounce. Without it the form goes to the code list.
const norm = s => s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "")
const esc = s => s.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

function mount() {
  const input = document.querySelector("#find")
  if (!input || input.dataset.on) return
  input.dataset.on = "1"
  const list = document.querySelector("#find-list"), form = input.form, status = document.querySelector("#find-status")
  let index, at = -1
  const load = () => index ??= fetch(form.dataset.index).then(r => r.json())
  const options = () => [...list.children]

  const pick = rows => {
    const q = norm(input.value.trim())
    const codes = q.match(/(?<![\d.])(?:[245]\.\d{1,3}\.\d{1,3}|[2-5]\d\d)(?!\.?\d)/g) || []
    if (codes.length && !/^[\d.]+$/.test(q)) {                       // a pasted reply: its codes, most specific first, and its words
      const said = r => !r.code && r.words.split("|").some(w => w.length > 5 && q.includes(norm(w)))
      return [...rows.filter(r => codes.includes(r.code)).sort((a, b) => b.code.length - a.code.length), ...rows.filter(said).slice(0, 3)]
    }
    const words = q.split(/\s+/), has = text => words.every(w => norm(text).includes(w))
    const score = r => r.code === q ? 9 : r.code?.startsWith(q) ? 7
      : norm(r.title).startsWith(q) ? (r.code ? 5 : 6)              // words: reasons before codes
      : has(r.title) ? (r.code ? 3 : 4) : has(r.title + " " + r.words) ? (r.code ? 1 : 2) : 0
    return rows.map(r => [score(r), r]).filter(s => s[0]).sort((a, b) => b[0] - a[0]).map(s => s[1]).slice(0, 6)
  }
  const show = async () => {
    at = -1
    input.removeAttribute("aria-activedescendant")
    const found = input.value.trim() ? pick(await load()) : []
    list.innerHTML = found.map((r, i) => `<li role="option" id="find-${i}" data-url="${r.url}" aria-selected="false">` +
      `<code class="${r.severity || ""}">${r.code || ""}</code><span>${esc(r.title)}</span><small class="${r.severity || ""}">${esc(r.word || form.dataset.reason)}</small></li>`).join("")
    list.hidden = !found.length
    input.setAttribute("aria-expanded", String(!list.hidden))
    status.textContent = input.value.trim() ? status.dataset[found.length ? "some" : "none"].replace("#", found.length) : ""
  }
  const go = li => { location.href = new URL(li.dataset.url, new URL(form.dataset.base, location.href)) }

  input.addEventListener("input", show)
  input.addEventListener("focus", load)
  input.addEventListener("paste", e => {                            // keep the line breaks of a bounce as spaces
    const text = e.clipboardData.getData("text")
    if (!text.includes("\n")) return
    e.preventDefault()
    input.value = text.replace(/\s+/g, " ").trim()
    show()
  })
  input.addEventListener("keydown", e => {
    const all = options()
    if (e.key === "Escape") { list.hidden = true; input.setAttribute("aria-expanded", "false") }
    if (!["ArrowDown", "ArrowUp"].includes(e.key) || !all.length) return
    e.preventDefault()
    at = (at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)))
    input.setAttribute("aria-activedescendant", `find-${at}`)
  })
  form.addEventListener("submit", async e => {
    e.preventDefault()
    const all = options()
    if (all.length) go(all[Math.max(at, 0)])
    else { await show(); if (list.firstChild) go(list.firstChild) }
  })
  list.addEventListener("click", e => { const li = e.target.closest("li"); if (li) go(li) })
}
window.document$ ? document$.subscribe(mount) : mount()
