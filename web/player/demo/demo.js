// What the demo pages share: language and light, the shows to choose from, the log of events, and a button a product.
import "../player/kandian-player.js";
import { busyShow } from "./busy-show.js";

const asked = new URLSearchParams(location.search);
const lang = /^zh/i.test(asked.get("lang") ?? navigator.language) ? "zh" : "en";
const player = document.querySelector("kandian-player");

document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
for (const element of document.querySelectorAll("[data-lang]")) element.hidden = element.dataset.lang !== lang;
setTheme(asked.get("theme"));

function setTheme(theme) {
  if (theme !== "light" && theme !== "dark") return;
  document.documentElement.dataset.theme = theme;
  for (const each of document.querySelectorAll("kandian-player, kandian-timeline")) each.setAttribute("theme", theme);
}

function goWith(key, value) {
  const to = new URL(location.href);
  to.searchParams.set(key, value);
  location.assign(to);
}

document.querySelector("#language")?.addEventListener("click", () => goWith("lang", lang === "zh" ? "en" : "zh"));
document.querySelector("#light")?.addEventListener("click", () => {
  const isDark = getComputedStyle(document.body).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  setTheme(document.documentElement.dataset.theme === "dark" || (isDark && document.documentElement.dataset.theme !== "light") ? "light" : "dark");
});
asked.set("lang", lang);
for (const link of document.querySelectorAll("nav a")) link.search = asked;

const log = document.querySelector(".log");
for (const type of ["load", "enter", "leave", "select", "jump", "scrub-back", "error"])
  document.addEventListener(`kandian:${type}`, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `${type} ${detail.error ?? JSON.stringify(detail)}`;
    log?.prepend(line);
  });

if (player?.hasAttribute("data-busy")) {
  const count = Number(asked.get("count")) || 200;
  player.controller.open(busyShow({ count, language: lang }), new URL("busy.mp4", location.href).href);
} else if (player) {
  player.setAttribute("highlights", asked.get("highlights") ?? "shows/zh-mini/highlights.json");
}

const shows = document.querySelector(".shows");
if (shows) void addShows();

async function addShows() {
  const answer = await fetch("/v1/published"); // a plain file server knows of none
  const { sessions } = answer.ok ? await answer.json() : { sessions: [] };
  shows.hidden = sessions.length < 2;
  for (const { session_id: id, latest } of sessions) {
    const link = document.createElement("a");
    link.textContent = id;
    link.href = `?${new URLSearchParams({ lang, highlights: latest })}`;
    if (latest === asked.get("highlights")) link.ariaCurrent = "page";
    shows.append(link);
  }
}

player?.addEventListener("kandian:error", () => document.querySelector(".hint")?.removeAttribute("hidden"));
player?.addEventListener("kandian:load", addProducts);
if (player?.controller.show) addProducts();

function addProducts() {
  const list = document.querySelector(".products");
  if (!list) return;
  list.replaceChildren();
  for (const product of player.controller.show.products.values()) {
    const button = document.createElement("button");
    button.textContent = product.name;
    button.disabled = !player.controller.show.takesOf(product.id).length;
    button.addEventListener("click", () => player.seekToProduct(product.id, { take: "next" }));
    const entry = document.createElement("li");
    entry.append(button);
    list.append(entry);
  }
}

document.querySelector("#bar")?.controller.open(busyShow({ count: 24, language: lang }), new URL("busy.mp4", location.href).href);
