// What the page says where its scripts can't be loaded at all, by language: opened as a file, in a frame without an origin of
// its own, and served as another type of file. A classic script in old syntax, as offline/guard.js is: the tables are modules.
self.UNLOADED = {
  en: {
    file: "This page was opened as a file, and browsers load no scripts for such a page. Serve its folder over http, as scripts/run.sh and any web host do, and open that address.",
    sandboxed: "Another page shows this one in a sandboxed frame without an origin of its own, in which its scripts can't be loaded. Open it in a tab of its own, or add allow-same-origin to the frame's sandbox.",
    mistyped: "The server sends this page's scripts as another type of file, so that the browser doesn't run them. Set it up to send files that end in .js with Content-Type: text/javascript, then reload the page.",
  },
  de: {
    file: "Diese Seite wurde als Datei geöffnet, und für eine solche Seite laden Browser keine Skripte. Ihren Ordner über http anbieten, wie es scripts/run.sh und jeder Webhost tut, und diese Adresse öffnen.",
    sandboxed: "Eine andere Seite zeigt diese in einem abgeschotteten Rahmen (sandbox) ohne eigenen Ursprung, in dem sich ihre Skripte nicht laden lassen. Sie in einem eigenen Tab öffnen oder der sandbox des Rahmens allow-same-origin hinzufügen.",
    mistyped: "Der Server sendet die Skripte dieser Seite als einen anderen Dateityp, sodass der Browser sie nicht ausführt. Ihn so einrichten, dass er Dateien auf .js mit Content-Type: text/javascript sendet, dann die Seite neu laden.",
  },
  fr: {
    file: "Cette page a été ouverte comme fichier, et pour une telle page les navigateurs ne chargent pas de scripts. Servez son dossier en http, comme le font scripts/run.sh et tout hébergeur, et ouvrez cette adresse.",
    sandboxed: "Une autre page affiche celle-ci dans un cadre isolé (sandbox) sans origine propre, où ses scripts ne peuvent pas se charger. Ouvrez-la dans son propre onglet, ou ajoutez allow-same-origin au sandbox du cadre.",
    mistyped: "Le serveur envoie les scripts de cette page comme un autre type de fichier, si bien que le navigateur ne les exécute pas. Réglez-le pour qu’il envoie les fichiers en .js avec Content-Type: text/javascript, puis rechargez la page.",
  },
  es: {
    file: "Esta página se ha abierto como archivo, y para una página así los navegadores no cargan scripts. Sirve su carpeta por http, como hacen scripts/run.sh y cualquier alojamiento web, y abre esa dirección.",
    sandboxed: "Otra página muestra esta en un marco aislado (sandbox) sin origen propio, donde sus scripts no se pueden cargar. Ábrela en una pestaña propia o añade allow-same-origin al sandbox del marco.",
    mistyped: "El servidor envía los scripts de esta página como otro tipo de archivo, así que el navegador no los ejecuta. Configúralo para que envíe los archivos .js con Content-Type: text/javascript y recarga la página.",
  },
  ar: {
    file: "فُتحت هذه الصفحة كملف، ولا تحمّل المتصفحات نصوصًا برمجية لصفحة كهذه. قدّم مجلدها عبر http، كما يفعل \u2066scripts/run.sh\u2069 وأي مضيف ويب، وافتح ذلك العنوان.",
    sandboxed: "تعرض صفحة أخرى هذه الصفحة في إطار معزول (sandbox) بلا أصل خاص به، ولا يمكن تحميل نصوصها البرمجية فيه. افتحها في علامة تبويب خاصة بها، أو أضف \u2066allow-same-origin\u2069 إلى sandbox الإطار.",
    mistyped: "يرسل الخادم النصوص البرمجية لهذه الصفحة كنوع آخر من الملفات، فلا يشغّلها المتصفح. اضبطه ليرسل الملفات المنتهية بـ \u2066.js\u2069 مع \u2066Content-Type: text/javascript\u2069، ثم أعد تحميل الصفحة.",
  },
  zh: {
    file: "此页面是作为文件打开的，浏览器不会为这样的页面加载脚本。请通过 http 提供它所在的文件夹（scripts/run.sh 和任何网站主机都可以），然后打开那个地址。",
    sandboxed: "另一个页面把此页面放在没有自己来源的沙盒框架（sandbox）里，其中无法加载它的脚本。请在单独的标签页中打开，或在框架的 sandbox 中加上 allow-same-origin。",
    mistyped: "服务器把此页面的脚本作为其他类型的文件发送，因此浏览器不会运行它们。请把服务器设置为以 Content-Type: text/javascript 发送 .js 文件，然后重新加载页面。",
  },
};
