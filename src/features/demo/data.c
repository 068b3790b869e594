/* Words of four languages for the demonstration. All clients made of them are invented. */
#include "features/demo/data.h"

#include "lib/locale/locale.h"

#define N(name) { name, NULL }
static const struct demo_name fa_women[] = {
    { "مریم", "Maryam" }, { "زهرا", "Zahra" }, { "فاطمه", "Fatemeh" }, { "سارا", "Sara" }, { "نرگس", "Narges" },
    { "الهام", "Elham" }, { "شیرین", "Shirin" }, { "پریسا", "Parisa" }, { "مهسا", "Mahsa" }, { "نازنین", "Nazanin" },
    { "لیلا", "Leila" }, { "سمیرا", "Samira" }, { "آزاده", "Azadeh" }, { "هانیه", "Haniyeh" }, { "مینا", "Mina" },
    { "نیلوفر", "Niloufar" }, { "شبنم", "Shabnam" }, { "ژاله", "Zhaleh" }, { "پروین", "Parvin" }, { "ندا", "Neda" },
    { "سپیده", "Sepideh" }, { "گلناز", "Golnaz" }, { "رؤیا", "Roya" }, { "ترانه", "Taraneh" }, { "هما", "Homa" },
    { "کیمیا", "Kimia" }, { "یاسمن", "Yasaman" }, { "فرزانه", "Farzaneh" }, { "معصومه", "Masoumeh" }, { "طاهره", "Tahereh" },
    { "شهرزاد", "Shahrzad" }, { "بهاره", "Bahareh" }, { "مژگان", "Mojgan" }, { "ستاره", "Setareh" }, { "پگاه", "Pegah" },
    { NULL, NULL },
};
static const struct demo_name fa_men[] = {
    { "محمد", "Mohammad" }, { "علی", "Ali" }, { "حسین", "Hossein" }, { "رضا", "Reza" }, { "امیر", "Amir" },
    { "مهدی", "Mehdi" }, { "محمدرضا", "Mohammadreza" }, { "امیرحسین", "Amirhossein" }, { "علی‌رضا", "Alireza" }, { "سعید", "Saeed" },
    { "حمید", "Hamid" }, { "آرش", "Arash" }, { "بهرام", "Bahram" }, { "کامران", "Kamran" }, { "پژمان", "Pezhman" },
    { "داوود", "Davoud" }, { "یوسف", "Yousef" }, { "ابراهیم", "Ebrahim" }, { "جواد", "Javad" }, { "نیما", "Nima" },
    { "سینا", "Sina" }, { "کاوه", "Kaveh" }, { "فرهاد", "Farhad" }, { "بهزاد", "Behzad" }, { "شاهین", "Shahin" },
    { "مسعود", "Masoud" }, { "ناصر", "Naser" }, { "هادی", "Hadi" }, { "وحید", "Vahid" }, { "یاسر", "Yaser" },
    { "سیدمحمد", "Seyed Mohammad" }, { "بابک", "Babak" }, { "پیمان", "Peyman" }, { "رامین", "Ramin" }, { "ژوبین", "Zhoubin" },
    { NULL, NULL },
};
static const struct demo_name fa_families[] = {
    { "احمدی", "Ahmadi" }, { "حسینی", "Hosseini" }, { "محمدی", "Mohammadi" }, { "کریمی", "Karimi" }, { "رضایی", "Rezaei" },
    { "موسوی", "Mousavi" }, { "جعفری", "Jafari" }, { "قاسمی", "Ghasemi" }, { "رحیمی", "Rahimi" }, { "صادقی", "Sadeghi" },
    { "اکبری", "Akbari" }, { "مرادی", "Moradi" }, { "حیدری", "Heydari" }, { "ابراهیمی", "Ebrahimi" }, { "نوری", "Nouri" },
    { "شریفی", "Sharifi" }, { "حسینی‌نژاد", "Hosseininejad" }, { "کاظمی", "Kazemi" }, { "علیزاده", "Alizadeh" }, { "زارع", "Zare" },
    { "فرهادی", "Farhadi" }, { "چراغی", "Cheraghi" }, { "پورمحمد", "Pourmohammad" }, { "ژیان", "Zhian" }, { "گلستانی", "Golestani" },
    { "تهرانی", "Tehrani" }, { "شیرازی", "Shirazi" }, { "اصفهانی", "Esfahani" }, { "تبریزی", "Tabrizi" }, { "یزدانی", "Yazdani" },
    { "ملکی", "Maleki" }, { "سلطانی", "Soltani" }, { "نجفی", "Najafi" }, { "باقری", "Bagheri" }, { "عباسی", "Abbasi" },
    { "سلیمانی", "Soleimani" }, { "خسروی", "Khosravi" }, { "بهرامی", "Bahrami" }, { "میرزایی", "Mirzaei" }, { "طاهری", "Taheri" },
    { "وکیلی", "Vakili" }, { "هاشمی", "Hashemi" }, { "دانشور", "Daneshvar" }, { "آذری", "Azari" }, { "اسدی", "Asadi" },
    { "ضیایی", "Ziaei" }, { "غفاری", "Ghaffari" }, { "ثابتی", "Sabeti" }, { "ذاکری", "Zakeri" }, { "پارسا", "Parsa" },
    { NULL, NULL },
};
static const struct demo_town fa_towns[] = {
    { "تهران", "تهران", "IR", "1########3" }, { "شیراز", "فارس", "IR", "71########" }, { "اصفهان", "اصفهان", "IR", "81########" },
    { "مشهد", "خراسان رضوی", "IR", "91########" }, { "تبریز", "آذربایجان شرقی", "IR", "51########" }, { "رشت", "گیلان", "IR", "41########" },
    { "یزد", "یزد", "IR", "89########" }, { "اهواز", "خوزستان", "IR", "61########" }, { "کرمان", "کرمان", "IR", "76########" },
    { "قم", "قم", "IR", "37########" }, { "کرج", "البرز", "IR", "31########" }, { NULL, NULL, NULL, NULL },
};
static const char *const fa_streets[] = { "خیابان ولیعصر", "خیابان حافظ", "بلوار کشاورز", "خیابان انقلاب", "کوچهٔ بهار", "خیابان زند", "چهارباغ عباسی", "خیابان امام", "بلوار سجاد", NULL };
static const char *const fa_firms[] = { "نور", "پارس", "آریا", "سپهر", "کیان", "مهر", "آفتاب", "البرز", "دنا", "نگین", "رایان", "سبز", "باران", "اطلس", "هامون", NULL };
static const char *const fa_jobs[] = { "مدیر", "حسابدار", "مسئول خرید", "طراح", "منشی", "مدیر فروش", "کارشناس فنی", NULL };
static const char *const fa_notes[] = { "خواست هفتهٔ آینده تماس بگیریم.", "رنگ‌های مات را دوست دارد.", "پیش‌فاکتور فرستاده شد، منتظر پاسخ.", "از کار قبلی راضی بود و ما را معرفی کرد.", "ساعت تماس: بعد از پنج عصر.", "نشانی تازه را پیامک می‌کند.", "برای عید سفارش بزرگ دارد.", "نمونه‌ها را پسندید، قیمت را می‌سنجد.", NULL };
static const char *const fa_special[] = { "به بادام حساسیت دارد.", "فقط پیامک؛ سر کار جواب تلفن نمی‌دهد.", "فاکتور به نام شرکت صادر شود.", "پسرش هم مشتری ماست.", NULL };
static const char *const fa_tags[] = { "نوروز ۱۴۰۵", "عمده", "معرفی دوستان", "بهار", NULL };

static const struct demo_name ar_women[] = {
    { "فاطمة", "Fatima" }, { "عائشة", "Aicha" }, { "خديجة", "Khadija" }, { "مريم", "Mariam" }, { "ليلى", "Leila" },
    { "هدى", "Houda" }, { "سلمى", "Salma" }, { "نور", "Nour" }, { "أمينة", "Amina" }, { "زينب", "Zeinab" },
    { "رانيا", "Rania" }, { "سمر", "Samar" }, { "إيمان", "Imane" }, { "وفاء", "Wafa" }, { "دلال", "Dalal" },
    { "فيروز", "Fairouz" }, { "حنان", "Hanane" }, { "سعاد", "Souad" }, { "نجلاء", "Najla" }, { "يسرى", "Yosra" },
    { "ريم", "Rim" }, { "آية", "Aya" }, { "هاجر", "Hajar" }, { "كوثر", "Kaoutar" }, { "لمياء", "Lamia" }, { NULL, NULL },
};
static const struct demo_name ar_men[] = {
    { "محمد", "Mohamed" }, { "أحمد", "Ahmed" }, { "يوسف", "Youssef" }, { "خالد", "Khaled" }, { "سمير", "Samir" },
    { "عمر", "Omar" }, { "كريم", "Karim" }, { "طارق", "Tarek" }, { "حسن", "Hassan" }, { "عبد الرحمن", "Abderrahmane" },
    { "عبد الله", "Abdullah" }, { "إبراهيم", "Ibrahim" }, { "وليد", "Walid" }, { "جمال", "Jamal" }, { "نبيل", "Nabil" },
    { "رشيد", "Rachid" }, { "فيصل", "Faisal" }, { "ماجد", "Majed" }, { "هشام", "Hicham" }, { "عادل", "Adel" },
    { "زياد", "Ziad" }, { "مصطفى", "Mustafa" }, { "أنس", "Anas" }, { "بلال", "Bilal" }, { "إلياس", "Elias" }, { NULL, NULL },
};
static const struct demo_name ar_families[] = {
    { "حداد", "Haddad" }, { "العتيبي", "Al-Otaibi" }, { "بنجلون", "Benjelloun" }, { "الشريف", "Cherif" }, { "منصور", "Mansour" },
    { "خوري", "Khoury" }, { "البغدادي", "Al-Baghdadi" }, { "المهدي", "El Mehdi" }, { "بن علي", "Ben Ali" }, { "الفاسي", "El Fassi" },
    { "القحطاني", "Al-Qahtani" }, { "النجار", "El Naggar" }, { "سعيد", "Said" }, { "يعقوبي", "Yacoubi" }, { "زيدان", "Zidane" },
    { "الحريري", "Hariri" }, { "مراد", "Mourad" }, { "التونسي", "Tounsi" }, { "بوعزيز", "Bouaziz" }, { "الزهراني", "Al-Zahrani" },
    { "عبد الناصر", "Abdel Nasser" }, { "شوقي", "Chawki" }, { "درويش", "Darwish" }, { "قاسم", "Kassem" }, { "الأندلسي", "Landoulsi" },
    { "الغامدي", "Al-Ghamdi" }, { "صالح", "Saleh" }, { "الرفاعي", "Rifai" }, { "لحلو", "Lahlou" }, { "الطرابلسي", "Trabelsi" }, { NULL, NULL },
};
static const struct demo_town ar_towns[] = {
    { "بيروت", NULL, "LB", "" }, { "القاهرة", "القاهرة", "EG", "11###" }, { "الرياض", "الرياض", "SA", "1####" }, { "الدار البيضاء", NULL, "MA", "20###" },
    { "تونس", NULL, "TN", "10##" }, { "الجزائر", NULL, "DZ", "16###" }, { "دبي", "دبي", "AE", "" }, { "جدة", "مكة المكرمة", "SA", "2####" },
    { "الإسكندرية", "الإسكندرية", "EG", "21###" }, { "فاس", NULL, "MA", "30###" }, { "صفاقس", NULL, "TN", "30##" }, { NULL, NULL, NULL, NULL },
};
static const char *const ar_streets[] = { "شارع الحمرا", "شارع التحرير", "شارع الملك فهد", "شارع محمد الخامس", "شارع الحبيب بورقيبة", "شارع الأمير عبد القادر", "شارع النيل", NULL };
static const char *const ar_firms[] = { "النور", "الأمل", "الشرق", "المتحدة", "الريادة", "الوفاء", "الخليج", "الأندلس", "المدينة", "الفجر", "الواحة", NULL };
static const char *const ar_jobs[] = { "مدير", "محاسب", "مسؤول المشتريات", "سكرتيرة", "مدير المبيعات", "مهندس", NULL };
static const char *const ar_notes[] = { "طلب أن نتصل به الأسبوع القادم.", "أعجبته العينات وسيقارن الأسعار.", "أرسلنا عرض السعر وننتظر الرد.", "راضٍ عن العمل السابق.", "يفضل الرسائل على المكالمات.", "سيرسل العنوان الجديد.", NULL };
static const char *const ar_special[] = { "الفاتورة باسم الشركة.", "لا يرد على الهاتف صباحا.", "يتحدث الفرنسية أيضا.", NULL };
static const char *const ar_tags[] = { "رمضان", "جملة", "توصية", NULL };

static const struct demo_name fr_women[] = {
    N("Élodie"), N("Camille"), N("Ève"), N("Sophie"), N("Marie"), N("Léa"), N("Chloé"), N("Inès"), N("Océane"), N("Aurélie"),
    N("Hélène"), N("Françoise"), N("Zoé"), N("Anaïs"), N("Émilie"), N("Cécile"), N("Nathalie"), N("Amélie"), N("Gaëlle"), N("Marie-Claude"),
    N("Sylvie"), N("Juliette"), N("Manon"), N("Clémence"), N("Béatrice"), N("Valérie"), { NULL, NULL },
};
static const struct demo_name fr_men[] = {
    N("Jean"), N("Pierre"), N("Jean-Baptiste"), N("François"), N("Nicolas"), N("Julien"), N("Rémi"), N("Théo"), N("Hugo"), N("Étienne"),
    N("Benoît"), N("Loïc"), N("Cédric"), N("Guillaume"), N("Antoine"), N("Mathieu"), N("Olivier"), N("Jérôme"), N("Gaël"), N("Noël"),
    N("Thibault"), N("Xavier"), N("Yves"), N("Jean-François"), { NULL, NULL },
};
static const struct demo_name fr_families[] = {
    N("Martin"), N("Bernard"), N("Dubois"), N("Lefèvre"), N("de La Tour"), N("Moreau"), N("Girard"), N("Œuvrard"), N("d’Ormesson"), N("Lefebvre"),
    N("Roux"), N("Fournier"), N("Mercier"), N("Dupont"), N("Lambert"), N("Bonnet"), N("François"), N("Garnier"), N("Chevalier"), N("Le Goff"),
    N("Gauthier"), N("Perrin"), N("Morin"), N("Béranger"), N("Saint-Étienne"), N("Lacroix"), N("Brunet"), N("Charpentier"), N("du Plessis"), N("Renaud"),
    N("Picard"), N("Vasseur"), N("Hervé"), N("Guérin"), N("Marchand"), N("Noël"), N("Aubert"), N("Lemoine"), { NULL, NULL },
};
static const struct demo_town fr_towns[] = {
    { "Lyon", "Rhône", "FR", "6900#" }, { "Paris", "Paris", "FR", "750##" }, { "Marseille", "Bouches-du-Rhône", "FR", "1300#" }, { "Saint-Étienne", "Loire", "FR", "42000" },
    { "Nantes", "Loire-Atlantique", "FR", "44000" }, { "Lille", "Nord", "FR", "59000" }, { "Bordeaux", "Gironde", "FR", "33000" }, { "Besançon", "Doubs", "FR", "25000" },
    { "Bruxelles", NULL, "BE", "10##" }, { "Genève", NULL, "CH", "12##" }, { NULL, NULL, NULL, NULL },
};
static const char *const fr_streets[] = { "rue de la République", "avenue de l’Europe", "boulevard Voltaire", "rue des Œillets", "place du Marché", "chemin des Vignes", "rue Victor-Hugo", NULL };
static const char *const fr_firms[] = { "Lumière", "Atelier", "Horizon", "Provence", "Méridien", "Étoile", "Azur", "Colline", "Papier", "Verger", NULL };
static const char *const fr_jobs[] = { "gérante", "comptable", "acheteur", "directrice", "chargé de clientèle", "graphiste", NULL };
static const char *const fr_notes[] = { "Aime les couleurs mates, voir 3009.", "Devis envoyé, réponse attendue.", "Rappeler la semaine prochaine.", "Très contente du dernier travail, nous recommande.", "Préfère un SMS après 17 h.", "Demande un acompte de 30 %.", NULL };
static const char *const fr_special[] = { "Allergique aux noix.", "Facturer la société, pas la personne.", "Ne pas appeler le mercredi.", NULL };
static const char *const fr_tags[] = { "printemps", "salon 2026", "recommandation", NULL };

static const struct demo_name en_women[] = {
    N("Emma"), N("Olivia"), N("Charlotte"), N("Alice"), N("Grace"), N("Sophia"), N("Hannah"), N("Zoe"), N("Rebecca"), N("Laura"),
    N("Megan"), N("Siobhan"), N("Chloe"), N("Amy"), N("Kate"), N("Elizabeth"), N("Ruth"), N("Nora"), { NULL, NULL },
};
static const struct demo_name en_men[] = {
    N("James"), N("William"), N("Robert"), N("Michael"), N("Thomas"), N("George"), N("Oliver"), N("Henry"), N("Daniel"), N("Samuel"),
    N("Peter"), N("Adam"), N("Edward"), N("Simon"), N("Patrick"), N("Liam"), N("Sean"), N("Ian"), { NULL, NULL },
};
static const struct demo_name en_families[] = {
    N("Smith"), N("Jones"), N("Taylor"), N("Brown"), N("O’Brien"), N("Wilson"), N("Müller"), N("Evans"), N("Walker"), N("Wright"),
    N("Robinson"), N("Thompson"), N("MacDonald"), N("Hughes"), N("Green"), N("Clarke"), N("Bennett"), N("Ward"), N("Foster"), N("van Dijk"),
    N("Shaw"), N("Murphy"), N("Byrne"), N("Quinn"), N("Young"), { NULL, NULL },
};
static const struct demo_town en_towns[] = {
    { "London", "Greater London", "GB", "SW1A 1AA" }, { "Manchester", NULL, "GB", "M1 2AB" }, { "Bristol", NULL, "GB", "BS1 4DJ" }, { "Edinburgh", "Scotland", "GB", "EH1 1YZ" },
    { "Dublin", NULL, "IE", "D02 X285" }, { "Boston", "MA", "US", "021##" }, { "Austin", "TX", "US", "787##" }, { NULL, NULL, NULL, NULL },
};
static const char *const en_streets[] = { "High Street", "Station Road", "Victoria Road", "Mill Lane", "Church Street", "Park Avenue", NULL };
static const char *const en_firms[] = { "Harbour", "Northern", "Oakwood", "Bright", "Meridian", "Granite", "Willow", "Anchor", NULL };
static const char *const en_jobs[] = { "director", "bookkeeper", "buyer", "office manager", "designer", NULL };
static const char *const en_notes[] = { "Asked to be called next week.", "Quote sent, waiting for an answer.", "Happy with the last job, recommends us.", "Prefers e-mail in the morning.", "Wants the invoice split in two.", NULL };
static const char *const en_special[] = { "Allergic to nuts.", "Invoice goes to the company.", "Hard of hearing: write, do not call.", NULL };
static const char *const en_tags[] = { "spring", "wholesale", "referral", NULL };

const struct demo_words demo_words[4] = {
    [LANG_EN] = { en_women, en_men, en_families, en_towns, en_streets, en_firms, en_jobs, en_notes, en_special, en_tags,
                  { "{w} Studio Ltd", "{f} & Sons", "{w} Trading Ltd", "{t} {w} Partners" } },
    [LANG_FR] = { fr_women, fr_men, fr_families, fr_towns, fr_streets, fr_firms, fr_jobs, fr_notes, fr_special, fr_tags,
                  { "SARL {w}", "Atelier {f}", "{w} & Associés SAS", "Boulangerie {f}" } },
    [LANG_FA] = { fa_women, fa_men, fa_families, fa_towns, fa_streets, fa_firms, fa_jobs, fa_notes, fa_special, fa_tags,
                  { "شرکت {w} (سهامی خاص)", "آتلیه {w}", "فروشگاه {f}", "گروه مهندسی {w} {t}" } },
    [LANG_AR] = { ar_women, ar_men, ar_families, ar_towns, ar_streets, ar_firms, ar_jobs, ar_notes, ar_special, ar_tags,
                  { "مؤسسة {w} للتجارة", "شركة {w} ذ.م.م", "مكتب {f}", "دار {w}" } },
};

const struct demo_phone demo_phones[] = {
    { "IR", "091# ### ####", "021 ########" },   { "FR", "06 ## ## ## ##", "04 72 ## ## ##" },
    { "LB", "+961 71 ### ###", "+961 1 ### ###" }, { "EG", "010########", "+20 2 2### ####" },
    { "SA", "+966 50 ### ####", "+966 11 4## ####" }, { "MA", "+212 661 ######", "+212 522 ######" },
    { "TN", "+216 20 ### ###", "+216 71 ### ###" }, { "DZ", "+213 551 ## ## ##", "+213 21 ## ## ##" },
    { "AE", "+971 50 ### ####", "+971 4 3## ####" }, { "BE", "+32 470 ## ## ##", "+32 2 ### ## ##" },
    { "CH", "+41 79 ### ## ##", "+41 22 ### ## ##" }, { "GB", "+44 7400 ######", "+44 20 7### ####" },
    { "IE", "+353 86 ### ####", "+353 1 ### ####" }, { "US", "+1 617 5## ####", "+1 512 4## ####" },
    { NULL, NULL, NULL },
};
