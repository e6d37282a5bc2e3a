"""Names of people known from history and public life, and common names, as their languages write them."""

from __future__ import annotations

import unicodedata

_TABLE = """
French: François Mitterrand, Éléonore d'Aquitaine, Zoë Hélène Lefèvre, Anaïs Nin, Benoît Mandelbrot
German: Jürgen Habermas, Käthe Kollwitz, Götz Strauß, Friedrich Hölderlin, Annette von Droste-Hülshoff
Spanish: José Ortega y Gasset, María Peña Núñez, Íñigo López, Begoña Güell, Ramón y Cajal
Portuguese: José Saramago, João Guimarães Rosa, Conceição Evaristo, Antônio Gonçalves Dias, Luísa Assunção
Catalan: Mercè Rodoreda, Lluís Llach, Àngel Guimerà, Núria Espert, Pompeu Fabra i Poch
Italian: Niccolò Paganini, Nicolò Barella, Cesarina Gibellò, Donà delle Rose, Forlì Mattè
Polish: Lech Wałęsa, Wisława Szymborska, Maria Skłodowska-Curie, Stanisław Żółkiewski, Józef Piłsudski
Czech: Antonín Dvořák, Božena Němcová, Leoš Janáček, Tomáš Garrigue Masaryk, Jiří Trnka
Slovak: Ľudovít Štúr, Milan Rastislav Štefánik, Pavol Országh Hviezdoslav, Ján Kollár, Ľubomír Feldek
Hungarian: Erdős Pál, Szőnyi Győző, Petőfi Sándor, Bartók Béla, Szent-Györgyi Albert
Romanian: Nicolae Bălcescu, Ștefan cel Mare, Constantin Brâncuși, Țepeș Vlad, Ion Luca Caragiale
Croatian: Josip Juraj Štrosmajer, Ruđer Bošković, Ivana Brlić-Mažuranić, Tin Ujević, Željko Senečić
Slovene: France Prešeren, Ivan Cankar, Jože Plečnik, Žiga Herberstein, Boža Krakar
Lithuanian: Vytautas Mačernis, Žemaitė Julija, Mikalojus Konstantinas Čiurlionis, Jonas Žemaitis, Antanas Škėma
Latvian: Jānis Rainis, Krišjānis Barons, Vaira Vīķe-Freiberga, Ģederts Eliass, Ķēniņš Gunārs
Estonian: Jüri Vilms, Märt Põldmäe, Lydia Koidula, Õnne Kuusk, Sõber Šarif
Icelandic: Vigdís Finnbogadóttir, Þórbergur Þórðarson, Björk Guðmundsdóttir, Halldór Laxness, Æsa Sigurðardóttir
Norwegian: Bjørnstjerne Bjørnson, Åse Kleveland, Sigrid Undset, Øystein Aarseth, Ærlig Bråthen
Danish: Søren Kierkegaard, H. C. Ørsted, Tycho Brahe, Åge Nygård, Mærsk McKinney
Swedish: Astrid Lindgren, Selma Lagerlöf, Anders Ångström, Märta Måås-Fjetterström, Göran Persson
Finnish: Väinö Linna, Tove Jansson, Eila Hämäläinen, Åke Lindman, Yrjö Väisälä
Turkish: Mustafa Kemal Atatürk, Nâzım Hikmet, Yaşar Kemal, Halide Edib Adıvar, İsmet İnönü
Azerbaijani: Üzeyir Hacıbəyov, Nəriman Nərimanov, Qara Qarayev, Şövkət Məmmədova, Əliağa Vahid
Irish: Seán Ó Faoláin, Caitlín Maude, Máirtín Ó Cadhain, Nuala Ní Dhomhnaill, Éamon de Valera
Welsh: Siân Phillips, Gwyneth Môn, Llŷr Ifans, Mair Tŷ-croes, Dŵr Evans
Maltese: Ġużè Ellul Mercieca, Ħal Għaxaq, Dun Karm Psaila, Ġorġ Borg, Żeppi Buttiġieġ
Vietnamese: Nguyễn Du, Hồ Xuân Hương, Trần Hưng Đạo, Võ Nguyên Giáp, Đặng Thùy Trâm, Phạm Thị Huệ
Yoruba: Wọlé Ṣóyíinká, Ọlábísí Ọnàbánjọ, Fẹ́mi Kútì, Ẹniọlá Badmus, Ọbáfẹ́mi Awólọ́wọ̀
Hawaiian: Liliʻuokalani, Kaʻiulani, Keʻelikōlani, Kūhiō Kalanianaʻole, Nāhiʻenaʻena
Esperanto: Ludoviko Zamenhofo, Ĉapek Ŝipo, Ĝenja Ĥoro, Ĵaŭdo Ŭonda, Petro Stojan
Greek: Οδυσσέας Ελύτης, Μελίνα Μερκούρη, Κωνσταντίνος Καβάφης, Άγγελος Σικελιανός, Ευαγγελία Παΐζη
Russian: Лев Николаевич Толстой, Анна Ахматова, Фёдор Достоевский, Софья Ковалевская, Юрий Гагарин
Ukrainian: Тарас Шевченко, Леся Українка, Іван Франко, Григорій Сковорода, Євген Ґудзь
Belarusian: Янка Купала, Якуб Колас, Уладзімір Караткевіч, Еўфрасіння Полацкая, Максім Танк
Bulgarian: Христо Ботев, Иван Вазов, Елисавета Багряна, Васил Левски, Людмила Живкова
Serbian: Вук Караџић, Иво Андрић, Десанка Максимовић, Ђура Јакшић, Љубица Марић
Macedonian: Гоце Делчев, Коле Неделковски, Ѓорѓи Поп-Димитров, Ќамил Ќосев, Ѕвезда Џепаровска
Kazakh: Абай Құнанбайұлы, Мұхтар Әуезов, Шоқан Уәлиханов, Әлия Молдағұлова, Жүсіпбек Аймауытұлы
Mongolian: Дашдоржийн Нацагдорж, Сүхбаатар Дамдин, Цэндийн Дамдинсүрэн, Өлзий Бат, Бямбын Ринчен
Arabic: نجيب محفوظ, أم كلثوم, محمود درويش, طه حسين, عبد العزيز بن عبد الرحمن, فاطمة الفهرية, إبراهيم لطفي
Persian: فروغ فرخزاد, سهراب سپهری, پروین اعتصامی, احمد شاملو, گلشیفته فراهانی, ژاله آموزگار
Urdu: فیض احمد فیض, پروین شاکر, قرة العین حیدر, سعادت حسن منٹو, ڈاکٹر عبدالقدیر
Pashto: خوشحال خان خټک, ملالۍ, رحمان بابا, ګل خان نصير, نازو توخۍ
Hebrew: דוד בן גוריון, גולדה מאיר, חיים נחמן ביאליק, רחל בלובשטיין, שמואל יוסף עגנון, נעמי שמר־ספיר
Yiddish: שלום עליכם, יצחק לייבוש פרץ, מענדעלע מוכר ספרים, חנה ראזענפעלד, אברהם סוצקעווער
Hindi: महात्मा गांधी, जवाहरलाल नेहरू, महादेवी वर्मा, प्रेमचंद, सूर्यकांत त्रिपाठी, हरिवंश राय बच्चन
Marathi: सावित्रीबाई फुले, ज्ञानेश्वर कुलकर्णी, पु. ल. देशपांडे, विष्णु सखाराम खांडेकर, लता मंगेशकर
Nepali: लक्ष्मीप्रसाद देवकोटा, भानुभक्त आचार्य, पासाङ ल्हामु शेर्पा, पारिजात, विश्वेश्वरप्रसाद कोइराला
Bengali: রবীন্দ্রনাথ ঠাকুর, কাজী নজরুল ইসলাম, বেগম রোকেয়া, সুভাষচন্দ্র বসু, সত্যজিৎ রায়, শেখ মুজিবুর রহমান
Assamese: লক্ষ্মীনাথ বেজবৰুৱা, জ্যোতিপ্ৰসাদ আগৰৱালা, ভূপেন হাজৰিকা, মামণি ৰয়ছম গোস্বামী, শংকৰদেৱ
Tamil: சுப்பிரமணிய பாரதி, திருவள்ளுவர், ஸ்ரீநிவாச ராமானுஜன், எம். எஸ். சுப்புலட்சுமி, கிருஷ்ணன், ஔவையார்
Thai: ปรีดี พนมยงค์, สุนทรภู่, ป๋วย อึ๊งภากรณ์, คึกฤทธิ์ ปราโมช, ศรีบูรพา, น้ำทิพย์ ใจดี
Chinese (simplified): 鲁迅, 屠呦呦, 杨绛, 王小明, 陈景润, 赵丽华
Chinese (traditional): 李小龍, 蔡英文, 張愛玲, 鄧麗君, 龍應台, 陳樹菊
Japanese: 山田太郎, 村上春樹, さくらももこ, 樋口一葉, 大谷翔平, タカハシ ユウコ, 与謝野 晶子
Korean: 김철수, 한강, 세종대왕, 박경리, 윤동주, 신사임당, 남궁민수
"""

NAMES = tuple(
    (language, unicodedata.normalize("NFC", name))
    for language, _, row in (line.partition(": ") for line in _TABLE.strip().splitlines())
    for name in row.split(", ")
)
"""Language and name."""
