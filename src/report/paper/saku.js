(function(){var q=document.getElementById("q"),box=document.getElementById("cari"),out=document.getElementById("hasil");box.hidden=false;
function go(){var w=q.value.trim().toLowerCase(),n=0;
document.querySelectorAll("[data-s]").forEach(function(s){
var h=s.getAttribute("data-s").toLowerCase(),all=!w||h.indexOf(w)>=0,any=all;
s.querySelectorAll("tbody tr").forEach(function(r){var hit=all||r.textContent.toLowerCase().indexOf(w)>=0;r.hidden=!hit;if(hit){any=true;if(w)n++}});
s.hidden=!any;if(any&&w&&all)n=n||1});
document.querySelectorAll("[data-c]").forEach(function(c){c.hidden=!!w&&!c.querySelector("[data-s]:not([hidden])")});
document.querySelectorAll(".defs details").forEach(function(d){d.hidden=!!w&&d.textContent.toLowerCase().indexOf(w)<0;if(!d.hidden&&w)n++});
out.textContent=w?out.getAttribute("data-t").replace("{n}",n):""}
q.addEventListener("input",go);})();
