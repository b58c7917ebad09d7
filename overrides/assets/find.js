// The big field: suggestions from the site's own JSON, and what a pasted bounce says. Without it the form goes to the code list.
// tools.pages writes the JSON: rows of {title, url}, some with code, words (other words) or said (what servers and bounces say). Of equals the first wins.

const fold = text => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim()
const safe = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)
const best = (rows, score) => rows.map((row, i) => [score(row, i), row]).filter(one => one[0] > 0).sort((a, b) => b[0] - a[0]).map(one => one[1])

// A code, the beginning of one, one without its dots, or a pattern such as 4xx and X.7.26.
function byCode(rows, asked) {
  const like = RegExp("^" + asked.replace(/(\.?x)+$/, "").replace(/\./g, "\\.").replace(/x/g, "\\d"))
  return best(rows, ({ code = "" }) => code.toLowerCase() === asked ? 9
    : like.test(code) ? (code.length === asked.length ? 8 : 7) + (asked[0] === "x" ? code[0] / 10 : 0)
    : asked.length > 2 && code.includes(".") && code.replace(/\./g, "").startsWith(asked) ? 1 : 0)
}

// What the beginning of an unknown code says: 5.7.0 and X.7 for 5.7.999, 5xx for 599.
function near(rows, asked) {
  const [first, subject] = asked.split(".")
  const names = subject ? [`${first}.${subject}.0`, `X.${subject}`] : [`${first[0]}xx`]
  return rows.filter(row => names.includes(row.code)).sort((a, b) => b.code.length - a.code.length)
}

// The rows of which the words stand in a text. The longest say most, `policy` little and the subject of a bounce nothing but that it is one.
const isReason = row => /^reasons\/./.test(row.url)
function bySaid(rows, text) {
  const heard = ` ${text} `
  return best(rows, row => {
    const longest = (row.said || []).reduce((most, one) => one.length > most && heard.includes(` ${one} `) ? one.length : most, 0)
    return longest && (!isReason(row) ? 1e-9 : row.url.includes("/policy/") ? longest / 99 : longest + row.whole.includes(text))
  })
}

// Words in any order, by how well and how rarely rows have them; a row needs half of what they say. Reasons come before codes.
// What an eighth of all rows have says nothing, what none has as much as what fifteen have.
function byWords(rows, words, text) {
  const fit = (row, word) => row.own.has(word) ? 4 : word.length > 2 && row.parts.some(one => one.startsWith(word)) ? 2
    : word.length > 4 && row.parts.some(one => one.includes(word) || one.length > 4 && word.startsWith(one)) ? 1 : 0
  const all = words.map(word => rows.map(row => fit(row, word)))
  const telling = all.map(fits => Math.max(0, Math.log(rows.length / 8 / (fits.filter(Boolean).length || 15))))
  const sum = worth => telling.reduce((total, one, i) => total + one * worth(i), 0)
  return best(rows, (row, n) => sum(i => Math.min(all[i][n], 2)) < sum(() => 1) ? 0
    : sum(i => all[i][n]) + (row.whole.includes(text) ? 0.5 : 0) - (row.code ? 1 : 0))
}

// What fits what somebody typed or pasted, and the code in it that nobody knows.
function answer(rows, typed, skip) {
  const asked = typed.toLowerCase().slice(0, 20000), text = fold(asked)
  if (/^[\dx.]*\d[\dx.]*$/.test(asked)) {
    const found = byCode(rows, asked)
    return found.length || !/^(?:[245]\.\d+\.\d+|[2-5]\d\d)$/.test(asked) ? { found } : { found: near(rows, asked), unknown: asked }
  }
  const codes = [...new Set(asked.match(/(?<![\d.])(?:[245]\.\d{1,3}\.\d{1,3}|[2-5]\d\d)(?!\.?\d)/g))]
  const known = rows.filter(row => codes.includes(row.code)).sort((a, b) => b.code.length - a.code.length)
  const unknown = codes.find(code => code.includes(".") && !known.some(row => row.code === code) && near(rows, code)[1])
  if (unknown) known.unshift(near(rows, unknown)[0])
  const said = bySaid(rows, text).filter(row => isReason(row) || !known.length)
  const words = [...new Set(text.split(" "))].filter(word => /\p{L}/u.test(word) && !skip.includes(word))
  const fitting = words.length > 8 || said[0] && !isReason(said[0]) ? [] : byWords(rows, words, text)
  const named = fitting.filter(row => row.whole.some(one => ` ${text} `.includes(` ${one} `)))
  const found = known.length ? [...said.slice(0, 1), ...known.slice(0, 4), ...said.slice(1, 3), ...named.slice(0, 2)] : [...said.slice(0, 3), ...fitting]
  return { found: [...new Set(found)], unknown }
}

function prepare(rows) {
  for (const row of rows) {
    row.whole = [row.title, ...(row.words || "").split("|")].map(fold).filter(Boolean)
    row.parts = row.whole.join(" ").split(" ")
    row.own = new Set(row.parts)
    if (row.said) row.said = [...row.said.split("|"), ...row.whole.filter(one => one.includes(" "))]
  }
  return rows
}

function mount() {
  const input = document.querySelector("#find")
  if (!input || input.dataset.on) return
  input.dataset.on = "1"
  const form = input.form, box = form.querySelector(".box"), panel = box.querySelector(".found"), ways = box.querySelector(".ways")
  const list = box.querySelector("ul"), status = box.querySelector("[role=status]"), skip = form.dataset.skip.split(" ")
  let index, at = -1
  const load = () => index ??= fetch(form.dataset.index).then(got => got.json()).then(prepare)
  const open = yes => {
    panel.classList.toggle("open", yes)
    if (!yes) status.textContent = ""
    input.setAttribute("aria-expanded", String(yes && !list.hidden))
  }
  const choose = number => {
    at = number
    for (const [i, one] of [...list.children].entries()) one.setAttribute("aria-selected", String(i === at))
    at < 0 ? input.removeAttribute("aria-activedescendant") : input.setAttribute("aria-activedescendant", `find-${at}`)
  }
  const item = (row, i) => `<li role="option" id="find-${i}" data-url="${row.url}" aria-selected="false">` +
    `${row.code ? `<code class="${row.severity || ""}">${row.code}</code>` : ""}<span>${safe(row.title)}</span>` +
    `<small class="${row.severity || ""}">${safe(row.word || form.dataset[row.url.split("/")[0]] || form.dataset.other)}</small></li>`
  const show = async () => {
    const rows = await load(), typed = input.value.trim()
    const { found, unknown } = typed ? answer(rows, typed, skip) : { found: [] }
    list.innerHTML = found.slice(0, 7).map(item).join("")
    const say = unknown ? "near" : found.length ? "some" : "none"
    status.textContent = typed && status.dataset[say].replace("#", () => unknown || (say === "none" ? typed.slice(0, 60) : list.children.length))
    status.parentElement.classList.toggle("visually-hidden", say === "some")
    ways.hidden = say !== "none"
    list.hidden = !found.length
    choose(-1)
    open(!!typed)
  }
  const go = li => location.assign(new URL(li.dataset.url, new URL(form.dataset.base, location.href)))

  input.addEventListener("input", show)
  input.addEventListener("focus", () => input.value ? show() : load())
  // Choosing must not take the focus away first; a list without the focus is shut, a line with links is shut behind them.
  panel.addEventListener("mousedown", event => event.preventDefault())
  box.addEventListener("focusout", event => { if (!list.hidden || !box.contains(event.relatedTarget)) open(false) })
  list.addEventListener("click", event => { const li = event.target.closest("li"); if (li) go(li) })
  input.addEventListener("paste", event => {                         // keep the line breaks of a bounce as spaces
    const text = event.clipboardData.getData("text")
    if (!text.includes("\n")) return
    event.preventDefault()
    input.setRangeText(text.replace(/\s+/g, " ").trim(), input.selectionStart, input.selectionEnd, "end")
    show()
  })
  input.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], many = list.children.length
    if (event.key === "Escape") open(false)
    if (!step || !many) return
    event.preventDefault()
    open(true)
    choose(at < 0 && step < 0 ? many - 1 : (at + step + many) % many)
  })
  form.addEventListener("submit", async event => {
    event.preventDefault()
    if (!input.value.trim()) return location.assign(form.action)
    if (at < 0) await show()
    if (list.children.length) go(list.children[Math.max(at, 0)])
  })
}
window.document$ ? document$.subscribe(mount) : mount()
